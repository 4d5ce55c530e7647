// Small records of our own: fixed little-endian integers and length-prefixed strings. Used wherever
// bytes are hashed, replicated or stored, since serialized protobuf is not the same for ever.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace rookery::consensus {

class RecordWriter {
 public:
  void U8(uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void U16(uint16_t value) { Little(value, 2); }
  void U32(uint32_t value) { Little(value, 4); }
  void U64(uint64_t value) { Little(value, 8); }
  void Text(absl::string_view text) {
    U32(static_cast<uint32_t>(text.size()));
    bytes_.append(text.data(), text.size());
  }
  const std::string& bytes() const { return bytes_; }
  std::string Take() { return std::move(bytes_); }

 private:
  void Little(uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<char>(value >> (8 * i)));
  }
  std::string bytes_;
};

// Reads what a RecordWriter wrote. After the first failure every read yields 0 or an empty text, so
// that a caller may check once at the end; loops check ok() too, since a count may be garbage.
class RecordReader {
 public:
  explicit RecordReader(absl::string_view bytes) : rest_(bytes), size_(bytes.size()) {}

  uint8_t U8() { return static_cast<uint8_t>(Little(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Little(2)); }
  uint32_t U32() { return static_cast<uint32_t>(Little(4)); }
  uint64_t U64() { return Little(8); }
  std::string Text() {
    const uint32_t size = U32();
    if (!ok_ || rest_.size() < size) {
      ok_ = false;
      return {};
    }
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  bool ok() const { return ok_; }
  size_t remaining() const { return rest_.size(); }

  // OK when everything was read and nothing is left. DataLoss names the place otherwise.
  absl::Status Finish(absl::string_view what) const {
    if (ok_ && rest_.empty()) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat(what, ": ", ok_ ? "bytes left over" : "cut short",
                                            " at byte ", size_ - rest_.size(), " of ", size_));
  }

 private:
  uint64_t Little(int size) {
    if (!ok_ || rest_.size() < static_cast<size_t>(size)) {
      ok_ = false;
      return 0;
    }
    uint64_t value = 0;
    for (int i = 0; i < size; ++i) {
      value |= static_cast<uint64_t>(static_cast<uint8_t>(rest_[i])) << (8 * i);
    }
    rest_.remove_prefix(size);
    return value;
  }
  absl::string_view rest_;
  size_t size_;
  bool ok_ = true;
};

}  // namespace rookery::consensus
