// The timeline on a file: readable lines, or one JSON object per line. Times count from the last
// fault too.
#pragma once

#include <cstdio>

#include "broker-sim/timeline/timeline.h"
#include "coordinator/base/clock.h"

namespace rookery::broker_sim {

class PrintedTimeline final : public Timeline {
 public:
  enum class Form { kText, kJson };
  PrintedTimeline(Form form, const Clock* clock, std::FILE* out);

  void Tell(TimelineEvent event) override;

 private:
  const Form form_;
  const Clock* const clock_;
  std::FILE* const out_;
  const int64_t begun_us_;
  int64_t fault_us_ = 0;  // 0: none so far
};

}  // namespace rookery::broker_sim
