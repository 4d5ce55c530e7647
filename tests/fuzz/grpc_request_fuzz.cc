// What a gRPC client may send, as the door takes it apart. First byte: which message.
#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "coordinator/base/check.h"
#include "coordinator/frontend/grpc/convert.h"
#include "coordinator/wire/log_entry.h"
#include "rookery/v1/coordinator.pb.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

namespace frontend = rookery::frontend;
namespace model = rookery::model;
namespace v1 = rookery::v1;
namespace wire = rookery::wire;

// What goes on from the door as bytes of our own, and comes back the same.
void ExpectCarried(const model::WriteOperation& operation) {
  const model::WriteRequest request = {.session = 1, .operation = operation};
  const auto again = wire::DecodeWriteRequest(wire::EncodeWriteRequest(request));
  ROOKERY_CHECK(again.ok() && *again == request);
}

void Understand(const v1::Operation& operation) {
  const auto understood = frontend::FromProto(operation);
  if (!understood.ok()) {
    ROOKERY_CHECK(absl::IsInvalidArgument(understood.status())) << understood.status();
    return;
  }
  if (const auto* write = std::get_if<model::WriteOperation>(&*understood)) ExpectCarried(*write);
}

template <typename Message>
Message Parse(absl::string_view bytes, bool* good) {
  Message message;
  *good = message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return message;
}

// Else it prints a line for each path that is no UTF-8.
const auto previous_log_handler = google::protobuf::SetLogHandler(nullptr);

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  const uint8_t kind = input.Byte();
  const absl::string_view bytes = input.Rest();
  bool good = false;
  switch (kind % 7) {
    case 0: {
      const auto message = Parse<v1::SessionRequest>(bytes, &good);
      if (!good) break;
      for (const v1::SessionOperation& operation : message.operations()) {
        Understand(operation.operation());
      }
      break;
    }
    case 1: {
      const auto operation = Parse<v1::Operation>(bytes, &good);
      if (good) Understand(operation);
      break;
    }
    case 2: {
      auto message = Parse<v1::CreateRequest>(bytes, &good);
      if (good) ExpectCarried(frontend::FromProto(std::move(*message.mutable_create())));
      break;
    }
    case 3: {
      auto message = Parse<v1::DeleteRequest>(bytes, &good);
      if (good) ExpectCarried(frontend::FromProto(std::move(*message.mutable_delete_())));
      break;
    }
    case 4: {
      auto message = Parse<v1::SetDataRequest>(bytes, &good);
      if (good) ExpectCarried(frontend::FromProto(std::move(*message.mutable_set_data())));
      break;
    }
    case 5: {
      auto message = Parse<v1::SetAclRequest>(bytes, &good);
      if (good) ExpectCarried(frontend::FromProto(std::move(*message.mutable_set_acl())));
      break;
    }
    default: {
      auto message = Parse<v1::MultiRequest>(bytes, &good);
      if (!good) break;
      const auto multi = frontend::FromProto(std::move(*message.mutable_multi()));
      if (multi.ok()) ExpectCarried(*multi);
    }
  }
  return 0;
}
