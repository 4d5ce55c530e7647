// Counts by a node's version what became of the writes of its only writer.
#pragma once

#include <cstdint>

namespace rookery::tools::bench {

// Every setData that is applied raises the version by one, so the versions in the answers tell of
// each write between them: one that was acknowledged raised it, one that was refused did not, one
// whose answer was lost may have. Answers come in the order of the writes, and what a session sent
// over a connection that it has lost is not applied after what it sent over the next one.
class WriteCount {
 public:
  explicit WriteCount(int64_t version = 0) : version_(version) {}

  void Sent() { ++unanswered_; }
  void Acknowledged(int64_t version) {
    --unanswered_;
    ++acknowledged_;
    Compare(version - version_ - 1, lost_);
    version_ = version;
    lost_ = 0;
  }
  void Refused() { --unanswered_; }
  void Lost() {
    --unanswered_;
    ++lost_;
  }
  // Nobody will answer: what is under way may be applied or not.
  void LoseUnanswered() {
    lost_ += unanswered_;
    unanswered_ = 0;
  }
  // What is read afterwards, once nothing of what was sent can still be applied.
  void Ended(int64_t version) {
    LoseUnanswered();
    Compare(version - version_, lost_);
    version_ = version;
    lost_ = 0;
  }

  uint64_t acknowledged() const { return acknowledged_; }
  uint64_t missing() const { return missing_; }  // acknowledged and not there
  uint64_t doubled() const { return doubled_; }  // there more often than they were sent
  int64_t version() const { return version_; }   // the last that was told

 private:
  // `raised`: by how much the version was raised without an acknowledgement.
  void Compare(int64_t raised, int64_t lost) {
    if (raised < 0) missing_ += static_cast<uint64_t>(-raised);
    if (raised > lost) doubled_ += static_cast<uint64_t>(raised - lost);
  }

  int64_t version_;
  int64_t unanswered_ = 0;
  int64_t lost_ = 0;  // since the last acknowledgement
  uint64_t acknowledged_ = 0;
  uint64_t missing_ = 0;
  uint64_t doubled_ = 0;
};

}  // namespace rookery::tools::bench
