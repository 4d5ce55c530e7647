// A timeline that is kept, for verdicts and reports, and handed on.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "broker-sim/timeline/timeline.h"
#include "coordinator/base/clock.h"

namespace rookery::broker_sim {

struct RecordedEvent {
  int64_t at_us = 0;  // since the recording began
  TimelineEvent event;
};

class RecordedTimeline final : public Timeline {
 public:
  // `next` may be null.
  RecordedTimeline(const Clock* clock, Timeline* next)
      : clock_(clock), next_(next), begun_us_(clock->NowUs()) {}

  void Tell(TimelineEvent event) override {
    events_.push_back({now_us(), event});
    if (next_ != nullptr) next_->Tell(std::move(event));
  }
  int64_t now_us() const { return clock_->NowUs() - begun_us_; }
  const std::vector<RecordedEvent>& events() const { return events_; }

 private:
  const Clock* const clock_;
  Timeline* const next_;
  const int64_t begun_us_;
  std::vector<RecordedEvent> events_;
};

}  // namespace rookery::broker_sim
