// The quorum and election ports: a stream of frames, and the payloads and lists inside them.
#include <cstddef>
#include <cstdint>

#include "coordinator/consensus/peer/checkpoint_frame.h"
#include "coordinator/consensus/peer/frame.h"
#include "coordinator/consensus/peer/peer_frame.h"

namespace {

using namespace rookery::consensus;  // NOLINT: a fuzz target, and nobody includes it

void ReadStream(absl::string_view bytes) {
  FrameReader reader(1u << 16);
  for (size_t at = 0; at < bytes.size(); at += 7) {
    reader.Append(bytes.substr(at, 7));
    while (true) {
      const absl::StatusOr<std::optional<absl::string_view>> payload = reader.Next();
      if (!payload.ok()) return;
      if (!payload->has_value()) break;
      (void)DecodePeerFrame(**payload).status();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadStream(bytes);
  if (absl::StatusOr<PeerFrame> frame = DecodePeerFrame(bytes); frame.ok()) {
    // What was understood can be said again.
    const std::string again = EncodePeerFrame(*std::move(frame));
    if (!DecodePeerFrame(absl::string_view(again).substr(kFrameHeaderBytes)).ok()) __builtin_trap();
  }
  (void)DecodeCheckpointFrame(bytes).status();
  (void)DecodeFoundingList(bytes).status();
  (void)DecodeMemberContext(bytes).status();
  if (absl::StatusOr<MemberList> list = DecodeMemberList(bytes); list.ok()) {
    if (EncodeMemberList(*list) != bytes) __builtin_trap();
  }
  if (absl::StatusOr<Configuration> found = DecodeConfiguration(bytes); found.ok()) {
    (void)found->IsVoter(1);
  }
  return 0;
}
