// The primitives of ZooKeeper's "jute" encoding: big-endian integers, strings and buffers with a
// length in front, vectors with a count. Source: zookeeper-protocol 1.1.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace rookery::wire {

// Reads from bytes that it does not own. A failed read makes every later one fail too and yields
// zeros, so that callers check ok() once, at the end. Never reads outside of the bytes.
class JuteReader {
 public:
  explicit JuteReader(absl::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  size_t remaining() const { return bytes_.size(); }
  void Fail() {
    ok_ = false;
    bytes_ = {};
  }

  bool ReadBool() {
    if (!Has(1)) return false;
    const bool value = bytes_[0] != 0;
    bytes_.remove_prefix(1);
    return value;
  }
  int32_t ReadInt() {
    if (!Has(4)) return 0;
    uint32_t number;
    std::memcpy(&number, bytes_.data(), 4);
    bytes_.remove_prefix(4);
    return static_cast<int32_t>(__builtin_bswap32(number));
  }
  int64_t ReadLong() {
    if (!Has(8)) return 0;
    uint64_t number;
    std::memcpy(&number, bytes_.data(), 8);
    bytes_.remove_prefix(8);
    return static_cast<int64_t>(__builtin_bswap64(number));
  }
  // Nullopt: null (length -1), or a failed read. Other negative lengths are malformed.
  std::optional<absl::string_view> ReadBuffer() {
    const int32_t length = ReadInt();
    if (!ok_ || length == -1) return std::nullopt;
    if (length < 0 || !Has(static_cast<size_t>(length))) {
      Fail();
      return std::nullopt;
    }
    const absl::string_view value = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return value;
  }
  // A string that may not be null: null fails.
  std::string ReadString() {
    const auto value = ReadBuffer();
    if (!value) {
      Fail();
      return {};
    }
    return std::string(*value);
  }
  // Null reads as empty.
  std::string ReadStringOrNull() { return std::string(ReadBuffer().value_or("")); }
  // The count of a vector whose elements take `element_bytes_min` each, so that a lie about it
  // costs no memory. Nullopt: null (-1) or a failed read; other negatives behave as empty.
  std::optional<size_t> ReadCount(size_t element_bytes_min) {
    const int32_t count = ReadInt();
    if (!ok_ || count == -1) return std::nullopt;
    if (count < 0) return 0;
    if (static_cast<size_t>(count) > bytes_.size() / element_bytes_min) {
      Fail();
      return std::nullopt;
    }
    return static_cast<size_t>(count);
  }

 private:
  bool Has(size_t count) {
    if (bytes_.size() >= count) [[likely]]
      return ok_;
    Fail();
    return false;
  }

  absl::string_view bytes_;
  bool ok_ = true;
};

// Appends to a string that it does not own.
class JuteWriter {
 public:
  explicit JuteWriter(std::string* out) : out_(out) {}

  void WriteBool(bool value) { out_->push_back(value ? 1 : 0); }
  void WriteInt(int32_t value) {
    const uint32_t number = __builtin_bswap32(static_cast<uint32_t>(value));
    out_->append(reinterpret_cast<const char*>(&number), 4);
  }
  void WriteLong(int64_t value) {
    const uint64_t number = __builtin_bswap64(static_cast<uint64_t>(value));
    out_->append(reinterpret_cast<const char*>(&number), 8);
  }
  void WriteString(absl::string_view value) {
    WriteInt(static_cast<int32_t>(value.size()));
    out_->append(value.data(), value.size());
  }
  void WriteBuffer(const std::optional<std::string>& value) {
    if (value) {
      WriteString(*value);
    } else {
      WriteInt(-1);
    }
  }
  template <typename Strings>
  void WriteStrings(const Strings& values) {
    WriteInt(static_cast<int32_t>(values.size()));
    for (const auto& value : values) WriteString(value);
  }

 private:
  std::string* out_;
};

// Puts the length in front of what is appended to `out` while it lives.
class FrameScope {
 public:
  explicit FrameScope(std::string* out) : out_(out), begin_(out->size()) { out->append(4, '\0'); }
  FrameScope(const FrameScope&) = delete;
  FrameScope& operator=(const FrameScope&) = delete;
  ~FrameScope() {
    const uint32_t length = __builtin_bswap32(static_cast<uint32_t>(out_->size() - begin_ - 4));
    std::memcpy(out_->data() + begin_, &length, 4);
  }

 private:
  std::string* out_;
  size_t begin_;
};

}  // namespace rookery::wire
