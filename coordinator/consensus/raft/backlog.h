// What was handed out for applying and is not applied yet: its size, and the indexes that carry
// nothing for the state machine (an entry that the engine emptied), which count as applied together
// with what stands before them. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>

namespace rookery::consensus {

class Backlog {
 public:
  explicit Backlog(uint64_t applied) : applied_(applied) {}

  // Handed to the listener.
  void Add(uint64_t index, uint64_t bytes) {
    waiting_.push_back({index, bytes, false});
    bytes_ += bytes;
  }
  // Nothing to apply at `index`.
  void Skip(uint64_t index) { waiting_.push_back({index, 0, true}); }

  // The listener stands at `index`. Returns how far the group's log is applied then.
  uint64_t Applied(uint64_t index) {
    applied_ = std::max(applied_, index);
    while (!waiting_.empty() && (waiting_.front().index <= applied_ || waiting_.front().skipped)) {
      bytes_ -= waiting_.front().bytes;
      applied_ = std::max(applied_, waiting_.front().index);
      waiting_.pop_front();
    }
    return applied_;
  }
  // A checkpoint replaced the state: what was handed out is void.
  void Install(uint64_t index) {
    waiting_.clear();
    bytes_ = 0;
    applied_ = index;
  }

  uint64_t applied() const { return applied_; }
  uint64_t bytes() const { return bytes_; }

 private:
  struct Waiting {
    uint64_t index;
    uint64_t bytes;
    bool skipped;
  };
  uint64_t applied_;
  uint64_t bytes_ = 0;
  std::deque<Waiting> waiting_;
};

}  // namespace rookery::consensus
