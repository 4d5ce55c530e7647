#include "coordinator/consensus/peer/frame.h"

#include <xxhash.h>

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"

namespace rookery::consensus {
namespace {

void PutU32(uint32_t value, char* out) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<char>(value >> (8 * i));
}

uint32_t GetU32(const char* in) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i)
    value |= static_cast<uint32_t>(static_cast<uint8_t>(in[i])) << (8 * i);
  return value;
}

uint32_t Checksum(absl::string_view payload) {
  return static_cast<uint32_t>(XXH3_64bits(payload.data(), payload.size()));
}

}  // namespace

void SealFrame(std::string* frame) {
  ROOKERY_CHECK(frame->size() >= kFrameHeaderBytes) << "a frame without room for its header";
  const absl::string_view payload = absl::string_view(*frame).substr(kFrameHeaderBytes);
  const uint32_t checksum = Checksum(payload);
  PutU32(static_cast<uint32_t>(payload.size()), frame->data());
  PutU32(checksum, frame->data() + 4);
}

void FrameReader::Append(absl::string_view bytes) {
  if (read_ == buffer_.size()) {
    buffer_.clear();
    read_ = 0;
  } else if (read_ > buffer_.size() / 2) {
    buffer_.erase(0, read_);
    read_ = 0;
  }
  buffer_.append(bytes.data(), bytes.size());
}

absl::StatusOr<std::optional<absl::string_view>> FrameReader::Next() {
  const absl::string_view rest = absl::string_view(buffer_).substr(read_);
  if (rest.size() < kFrameHeaderBytes) return std::nullopt;
  const size_t size = GetU32(rest.data());
  if (size > payload_bytes_max_) {
    return absl::InvalidArgumentError(absl::StrCat("expected a frame of at most ",
                                                   payload_bytes_max_, " bytes, found a length of ",
                                                   size, ": this is no peer of ours"));
  }
  if (rest.size() < kFrameHeaderBytes + size) return std::nullopt;
  const absl::string_view payload = rest.substr(kFrameHeaderBytes, size);
  if (Checksum(payload) != GetU32(rest.data() + 4)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a frame of ", size, " bytes does not match its checksum"));
  }
  read_ += kFrameHeaderBytes + size;
  return payload;
}

}  // namespace rookery::consensus
