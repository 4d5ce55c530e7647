// What a client may send: the first byte says how to cut the stream, the rest is the stream.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "coordinator/wire/zookeeper/frame.h"
#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/request.h"

namespace wire = rookery::wire;
namespace model = rookery::model;

namespace {

template <typename Operation>
void ExpectSameAgain(int32_t xid, const Operation& operation) {
  std::string first;
  wire::EncodeRequest(xid, operation, &first);
  const auto again = wire::DecodeRequest(absl::string_view(first).substr(4));
  std::string second;
  wire::EncodeRequest(xid, std::get<Operation>(again->body), &second);
  if (first != second) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const size_t step = data[0] + 1;
  const absl::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  wire::FrameSplitter splitter(1 << 16, wire::FrameSplitter::FirstBytes::kFrameOrWord);
  for (size_t at = 0; at < stream.size(); at += step) {
    splitter.Append(stream.substr(at, step));
    for (auto item = splitter.Next(); item.kind == wire::FrameSplitter::Kind::kFrame;
         item = splitter.Next()) {
      (void)wire::DecodeConnectRequest(item.bytes);
      const auto request = wire::DecodeRequest(item.bytes);
      if (!request) continue;
      if (const auto* write = std::get_if<model::WriteOperation>(&request->body)) {
        ExpectSameAgain(request->xid, *write);
      } else if (const auto* read = std::get_if<model::ReadOperation>(&request->body)) {
        ExpectSameAgain(request->xid, *read);
      }
    }
  }
  return 0;
}
