// The newest lines of a timeline, for a screen.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "broker-sim/timeline/text_lines.h"
#include "broker-sim/timeline/timeline.h"

namespace rookery::broker_sim {

class KeptLines final : public Timeline {
 public:
  explicit KeptLines(const Clock* clock) : lines_(clock) {}

  void Tell(TimelineEvent event) override {
    kept_.push_back(lines_.Of(event));
    if (kept_.size() > kKeptMax) kept_.pop_front();
  }
  std::vector<std::string> lines() const { return {kept_.begin(), kept_.end()}; }

 private:
  static constexpr size_t kKeptMax = 200;  // more than any terminal has rows
  TextLines lines_;
  std::deque<std::string> kept_;
};

}  // namespace rookery::broker_sim
