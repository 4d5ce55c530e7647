#include "coordinator/client/metadata/metadata_stub.h"

#include "absl/strings/str_cat.h"

namespace rookery::client {
namespace {

constexpr int kKeepaliveMs = 300'000;  // servers allow no more often

}  // namespace

std::unique_ptr<v1::MetadataService::Stub> MetadataStub(const Address& grpc_server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetMaxReceiveMessageSize(-1);
  return v1::MetadataService::NewStub(grpc::CreateCustomChannel(
      grpc_server.ToString(), grpc::InsecureChannelCredentials(), arguments));
}

absl::Status ToStatus(const grpc::Status& status, const Address& grpc_server) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat(grpc_server.ToString(), ": ", status.error_message()));
}

bool MayAnotherServerMend(const absl::Status& status) {
  // Cancelled, unknown: the server ended the call as it stopped.
  return absl::IsUnavailable(status) || absl::IsCancelled(status) || absl::IsUnknown(status) ||
         absl::IsResourceExhausted(status);
}

}  // namespace rookery::client
