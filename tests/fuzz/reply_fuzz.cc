// What a server may send to our ZooKeeper client. First byte: which operation is answered.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

#include "coordinator/base/check.h"
#include "coordinator/wire/zookeeper/reply.h"
#include "tests/fuzz/fuzz_input.h"

namespace wire = rookery::wire;
namespace model = rookery::model;

namespace {

constexpr model::OpCode kOpCodes[] = {
#define ROW(name, code, kind, built) model::OpCode::k##name,
    ROOKERY_OPERATIONS(ROW)
#undef ROW
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  const model::OpCode opcode = kOpCodes[input.Byte() % std::size(kOpCodes)];
  const absl::string_view frame = input.Rest();
  if (const auto event = wire::DecodeEvent(frame); event.ok()) {
    std::string sent;
    wire::EncodeEvent(*event, &sent);
    const auto again = wire::DecodeEvent(absl::string_view(sent).substr(4));
    // The zxid of a change is not told by this protocol.
    ROOKERY_CHECK(again.ok() && again->type == event->type && again->path == event->path);
  }
  const auto header = wire::DecodeReplyHeader(frame);
  const auto reply = wire::DecodeReply(frame, opcode);
  if (!reply.ok()) return 0;
  ROOKERY_CHECK(header.ok());
  std::string sent;
  wire::EncodeReply(header->xid, *reply, &sent);
  const auto again = wire::DecodeReply(absl::string_view(sent).substr(4), opcode);
  ROOKERY_CHECK(again.ok() && *again == *reply) << "said again, the reply reads otherwise";
  return 0;
}
