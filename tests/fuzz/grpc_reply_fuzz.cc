// What a server may send to our gRPC client. First byte: what was asked for.
#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>

#include "coordinator/base/check.h"
#include "coordinator/client/grpc/convert.h"
#include "rookery/v1/coordinator.pb.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

namespace client = rookery::client;
namespace model = rookery::model;
namespace v1 = rookery::v1;

client::Asked AskedBy(uint8_t selector) {
  client::Asked asked;
  asked.kind = static_cast<v1::Operation::KindCase>(selector % 14);
  asked.want_stat = selector >= 128;
  if (asked.kind == v1::Operation::kMulti) {
    using Kind = model::MultiReply::Part::Kind;
    for (const Kind kind : {Kind::kCreate, Kind::kDelete, Kind::kSetData, Kind::kCheck}) {
      asked.parts.push_back({kind, asked.want_stat});
    }
  }
  return asked;
}

// Else it prints a line for each path that is no UTF-8.
const auto previous_log_handler = google::protobuf::SetLogHandler(nullptr);

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  const uint8_t selector = input.Byte();
  const absl::string_view bytes = input.Rest();
  v1::SessionItem item;
  if (!item.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return 0;
  if (item.has_event()) {
    const auto event = client::FromProto(item.event());
    ROOKERY_CHECK(event.ok() || absl::IsInvalidArgument(event.status())) << event.status();
  } else {
    const client::Asked asked = AskedBy(selector);
    const auto reply = client::FromProto(item.reply().result(), asked);
    if (!reply.ok()) return 0;
    if (const auto* multi = std::get_if<model::MultiReply>(&reply->body)) {
      ROOKERY_CHECK(multi->parts.size() == asked.parts.size());
    }
  }
  return 0;
}
