// Events as readable lines, with the time since the beginning and since the last fault.
#pragma once

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "broker-sim/timeline/timeline.h"
#include "coordinator/base/clock.h"

namespace rookery::broker_sim {

class TextLines {
 public:
  explicit TextLines(const Clock* clock) : clock_(clock), begun_us_(clock->NowUs()) {}

  // Of an event that happens now.
  std::string Of(const TimelineEvent& event) {
    const int64_t now_us = clock_->NowUs();
    if (absl::StartsWith(event.name, kFaultPrefix)) fault_us_ = now_us;
    return absl::StrCat(absl::StrFormat("%8.3fs ", static_cast<double>(now_us - begun_us_) / 1e6),
                        fault_us_ == 0 ? std::string(12, ' ')
                                       : absl::StrFormat("%+9d ms ", (now_us - fault_us_) / 1000),
                        event.text);
  }
  int64_t since_fault_ms() const {  // -1: none so far
    return fault_us_ == 0 ? -1 : (clock_->NowUs() - fault_us_) / 1000;
  }

 private:
  const Clock* const clock_;
  const int64_t begun_us_;
  int64_t fault_us_ = 0;  // 0: none so far
};

}  // namespace rookery::broker_sim
