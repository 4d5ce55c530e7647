// What servers say to each other beside consensus.
#include <cstddef>
#include <cstdint>

#include "coordinator/proposal/peer_message.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<rookery::proposal::PeerMessage> message =
      rookery::proposal::DecodePeerMessage(bytes);
  if (!message.ok()) return 0;
  // What was understood can be said again.
  const std::string again = rookery::proposal::EncodePeerMessage(*message);
  const auto second = rookery::proposal::DecodePeerMessage(again);
  if (!second.ok() || second->index() != message->index()) __builtin_trap();
  return 0;
}
