// "Did you mean": the known word that a mistyped one is nearest to.
#pragma once

#include <span>
#include <string>

#include "absl/strings/string_view.h"

namespace rookery {

// The word of `known` with the fewest letters to change, case aside; "" if none is near enough to be
// a slip of the fingers: a third of the letters of `word` and one more. The first of equals.
std::string NearestWord(absl::string_view word, std::span<const absl::string_view> known);

}  // namespace rookery
