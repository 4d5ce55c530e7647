// The quorum and election ports. First byte: how the bytes arrive; an odd one seals the rest as a
// payload first, since a fuzzer does not guess checksums.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/consensus/peer/checkpoint_frame.h"
#include "coordinator/consensus/peer/frame.h"
#include "coordinator/consensus/peer/peer_frame.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

using namespace rookery::consensus;  // NOLINT: a fuzz target, and nobody includes it

constexpr size_t kPayloadBytesMax = 1 << 16;

absl::string_view PayloadOf(absl::string_view frame) { return frame.substr(kFrameHeaderBytes); }

void Understand(absl::string_view payload) {
  if (absl::StatusOr<PeerFrame> frame = DecodePeerFrame(payload); frame.ok()) {
    const std::string first = EncodePeerFrame(*std::move(frame));
    absl::StatusOr<PeerFrame> again = DecodePeerFrame(PayloadOf(first));
    ROOKERY_CHECK(again.ok() && EncodePeerFrame(*std::move(again)) == first);
  }
  if (absl::StatusOr<CheckpointFrame> frame = DecodeCheckpointFrame(payload); frame.ok()) {
    const std::string first = EncodeCheckpointFrame(*std::move(frame));
    absl::StatusOr<CheckpointFrame> again = DecodeCheckpointFrame(PayloadOf(first));
    ROOKERY_CHECK(again.ok() && EncodeCheckpointFrame(*std::move(again)) == first);
  }
}

std::string Sealed(absl::string_view payload) {
  std::string frame(kFrameHeaderBytes, '\0');
  frame.append(payload.data(), payload.size());
  SealFrame(&frame);
  return frame;
}

void ReadStream(absl::string_view stream, size_t step) {
  FrameReader reader(kPayloadBytesMax);
  for (size_t at = 0; at < stream.size(); at += step) {
    reader.Append(stream.substr(at, step));
    for (;;) {
      const auto payload = reader.Next();
      if (!payload.ok()) return;
      if (!payload->has_value()) break;
      ROOKERY_CHECK((*payload)->size() <= kPayloadBytesMax);
      Understand(**payload);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  const uint8_t how = input.Byte();
  const size_t step = how / 2 + 1;
  if (how % 2 == 0) {
    ReadStream(input.Rest(), step);
  } else {
    ReadStream(Sealed(input.Rest()), step);
  }
  return 0;
}
