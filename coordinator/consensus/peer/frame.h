// Cuts a byte stream into frames and back:
//
//   frame := u32 length of the payload, u32 low half of XXH3-64 of the payload (little-endian),
//   payload
//
// The checksum is there because a peer's messages decide what is committed, and TCP's own checksum
// misses one damaged segment in some ten thousand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::consensus {

inline constexpr size_t kFrameHeaderBytes = 8;

// Fills in the header of `frame`. REQUIRES: frame begins with kFrameHeaderBytes bytes to overwrite,
// the payload follows.
void SealFrame(std::string* frame);

class FrameReader {
 public:
  explicit FrameReader(size_t payload_bytes_max) : payload_bytes_max_(payload_bytes_max) {}

  // Takes bytes as they came from the stream.
  void Append(absl::string_view bytes);

  // The next payload, valid until the next Append; nothing while it is incomplete. InvalidArgument:
  // the stream carries something else (a length over the bound, a wrong checksum); it then stays
  // so.
  absl::StatusOr<std::optional<absl::string_view>> Next();

  void set_payload_bytes_max(size_t bytes) { payload_bytes_max_ = bytes; }

 private:
  size_t payload_bytes_max_;
  std::string buffer_;
  size_t read_ = 0;  // of buffer_, handed out
};

}  // namespace rookery::consensus
