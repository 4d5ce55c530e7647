// What servers say to each other beside consensus: forwarded writes, cursors, contact.
#include <cstddef>
#include <cstdint>
#include <string>

#include "coordinator/base/check.h"
#include "coordinator/proposal/peer_message.h"
#include "tests/fuzz/fuzz_input.h"

namespace proposal = rookery::proposal;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto message = proposal::DecodePeerMessage(rookery::fuzz::Bytes(data, size));
  if (!message.ok()) return 0;
  const std::string first = proposal::EncodePeerMessage(*message);
  const auto again = proposal::DecodePeerMessage(first);
  ROOKERY_CHECK(again.ok() && again->index() == message->index());
  ROOKERY_CHECK(proposal::EncodePeerMessage(*again) == first);
  return 0;
}
