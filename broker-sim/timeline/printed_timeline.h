// The timeline on a file: readable lines, or one JSON object per line. Times count from the last
// fault too.
#pragma once

#include <cstdio>

#include "broker-sim/timeline/text_lines.h"
#include "broker-sim/timeline/timeline.h"
#include "coordinator/base/clock.h"

namespace rookery::broker_sim {

class PrintedTimeline final : public Timeline {
 public:
  enum class Form { kText, kJson };
  PrintedTimeline(Form form, const Clock* clock, std::FILE* out)
      : form_(form), clock_(clock), out_(out), lines_(clock) {}

  void Tell(TimelineEvent event) override;

 private:
  const Form form_;
  const Clock* const clock_;
  std::FILE* const out_;
  TextLines lines_;
};

}  // namespace rookery::broker_sim
