// Takes a fuzzer's bytes apart, for targets whose input is more than one run of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/string_view.h"

namespace rookery::fuzz {

inline absl::string_view Bytes(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Never fails: what is not there reads as zero or empty.
class FuzzInput {
 public:
  explicit FuzzInput(absl::string_view rest) : rest_(rest) {}

  bool empty() const { return rest_.empty(); }
  uint8_t Byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    return value;
  }
  // A byte that tells the length, and that many bytes or what is left of them.
  absl::string_view Text() {
    const size_t size = Byte();
    return TakeFront(size);
  }
  // What stands before the next `mark`, which is dropped; all, if there is none.
  absl::string_view Until(char mark) {
    const size_t at = rest_.find(mark);
    if (at == absl::string_view::npos) return TakeFront(rest_.size());
    const absl::string_view text = TakeFront(at);
    rest_.remove_prefix(1);
    return text;
  }
  absl::string_view Rest() { return std::exchange(rest_, {}); }

 private:
  absl::string_view TakeFront(size_t size) {
    const absl::string_view front = rest_.substr(0, size);
    rest_.remove_prefix(front.size());
    return front;
  }

  absl::string_view rest_;
};

}  // namespace rookery::fuzz
