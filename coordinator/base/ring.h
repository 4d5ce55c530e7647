// A queue that keeps its room: elements come and go without an allocation for each, or for a few,
// as std::deque does it.
#pragma once

#include <algorithm>
#include <boost/circular_buffer.hpp>
#include <cstddef>
#include <utility>

namespace rookery {

// References hold until the next push_back.
template <typename T>
class Ring {
 public:
  bool empty() const { return elements_.empty(); }
  size_t size() const { return elements_.size(); }
  T& front() { return elements_.front(); }
  T& back() { return elements_.back(); }
  auto begin() { return elements_.begin(); }
  auto end() { return elements_.end(); }

  void push_back(T&& element) {
    if (elements_.full()) elements_.set_capacity(std::max(kRoomMin, 2 * elements_.capacity()));
    elements_.push_back(std::move(element));
  }
  // REQUIRES: not empty.
  void pop_front() {
    elements_.pop_front();
    // What a burst took is given back.
    if (elements_.empty() && elements_.capacity() > kRoomKept) elements_.set_capacity(0);
  }

 private:
  static constexpr size_t kRoomMin = 16;
  static constexpr size_t kRoomKept = 4096;

  boost::circular_buffer<T> elements_{0};
};

}  // namespace rookery
