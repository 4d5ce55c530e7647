// The primitives of our own encodings: variable-length integers, seven bits a byte, least first;
// signed ones zigzagged; strings with their length in front.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace rookery {

inline void PutByte(uint8_t value, std::string* out) { out->push_back(static_cast<char>(value)); }

inline void PutVarint(uint64_t value, std::string* out) {
  if (value < 0x80) return PutByte(static_cast<uint8_t>(value), out);  // most of them
  char bytes[10];
  size_t count = 0;
  while (value >= 0x80) {
    bytes[count++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  bytes[count++] = static_cast<char>(value);
  out->append(bytes, count);
}

inline void PutSigned(int64_t value, std::string* out) {
  PutVarint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63), out);
}

// Eight bytes, least first: for numbers that fill them anyway.
inline void PutFixed64(uint64_t value, std::string* out) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
  out->append(bytes, 8);
}

inline void PutString(absl::string_view value, std::string* out) {
  PutVarint(value.size(), out);
  out->append(value.data(), value.size());
}

// A failed read makes every later one fail too and yields zeros; callers check ok() once.
class VarintReader {
 public:
  explicit VarintReader(absl::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && bytes_.empty(); }
  void Fail() {
    ok_ = false;
    bytes_ = {};
  }

  uint8_t Byte() {
    if (bytes_.empty()) {
      Fail();
      return 0;
    }
    const auto value = static_cast<uint8_t>(bytes_[0]);
    bytes_.remove_prefix(1);
    return value;
  }
  uint64_t Varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Byte();
      // The tenth byte holds one bit.
      if (shift == 63 && byte > 1) break;
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return ok_ ? value : 0;
    }
    Fail();
    return 0;
  }
  int64_t Signed() {
    const uint64_t value = Varint();
    return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  int32_t Signed32() {
    const int64_t value = Signed();
    if (value != static_cast<int32_t>(value)) {
      Fail();
      return 0;
    }
    return static_cast<int32_t>(value);
  }
  uint64_t Fixed64() {
    if (bytes_.size() < 8) {
      Fail();
      return 0;
    }
    uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
      value |= static_cast<uint64_t>(static_cast<uint8_t>(bytes_[i])) << (8 * i);
    bytes_.remove_prefix(8);
    return value;
  }
  absl::string_view View() { return Bytes(Varint()); }
  absl::string_view Bytes(uint64_t length) {
    if (length > bytes_.size()) {
      Fail();
      return {};
    }
    const absl::string_view value = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return value;
  }
  std::string String() { return std::string(View()); }
  // The number of elements that follow, each of at least `element_bytes_min`, so that a lie about
  // it costs no memory.
  size_t Count(size_t element_bytes_min) {
    const uint64_t count = Varint();
    if (count > bytes_.size() / element_bytes_min) {
      Fail();
      return 0;
    }
    return count;
  }

 private:
  absl::string_view bytes_;
  bool ok_ = true;
};

}  // namespace rookery
