// A picture as lines of a terminal: pure text and colours.
#pragma once

#include <string>
#include <vector>

#include "broker-sim/view/picture.h"

namespace rookery::broker_sim {

enum class Style { kPlain, kHeading, kGood, kWarning, kBad, kFaint };

struct ScreenLine {
  std::string text;  // at most as many characters as the terminal has columns
  Style style = Style::kPlain;
};

// Exactly `rows` lines. What does not fit is left out from its end, and counted where it is
// missing; partitions that are not led or not in sync come before the others, and events keep their
// newest.
std::vector<ScreenLine> DrawFrame(const Picture& picture, int columns, int rows);

// The codes that put the lines on a terminal in place, from its top left; the cursor is afterwards
// where it was before.
std::string Encode(const std::vector<ScreenLine>& lines);

}  // namespace rookery::broker_sim
