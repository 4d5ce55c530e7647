// Zxids: (epoch << 32) | counter. A leader's start opens an epoch, and so does a counter that is
// used up, so that no number is ever given twice.
#pragma once

#include <cstdint>

#include "coordinator/model/ids.h"

namespace rookery::machine {

class ZxidClock {
 public:
  void Restore(model::Zxid last) {
    epoch_ = static_cast<uint32_t>(static_cast<uint64_t>(last) >> 32);
    counter_ = static_cast<uint32_t>(last);
  }
  void OpenEpoch() {
    ++epoch_;
    counter_ = 0;
  }
  // What the next write gets, without taking it.
  model::Zxid Peek() const {
    return counter_ == UINT32_MAX ? Compose(epoch_ + 1, 1) : Compose(epoch_, counter_ + 1);
  }
  model::Zxid Take() {
    const model::Zxid next = Peek();
    Restore(next);
    return next;
  }
  model::Zxid last() const { return Compose(epoch_, counter_); }
  uint32_t epoch() const { return epoch_; }

 private:
  static model::Zxid Compose(uint32_t epoch, uint32_t counter) {
    return static_cast<model::Zxid>(static_cast<uint64_t>(epoch) << 32 | counter);
  }
  uint32_t epoch_ = 0;
  uint32_t counter_ = 0;
};

}  // namespace rookery::machine
