// What a server may send: the first byte chooses the request that is answered.
#include <cstddef>
#include <cstdint>
#include <string>

#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/reply.h"

namespace wire = rookery::wire;
namespace model = rookery::model;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const absl::string_view frame(reinterpret_cast<const char*>(data) + 1, size - 1);
  (void)wire::DecodeConnectResponse(frame);
  (void)wire::DecodeEvent(frame);
  const auto reply = wire::DecodeReply(frame, static_cast<model::OpCode>(data[0] % 20));
  if (!reply.ok()) return 0;
  std::string again;
  wire::EncodeReply(1, *reply, &again);
  return 0;
}
