#include "tools/rookery/ensemble/admin_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/connect_string.h"

namespace rookery::tools::ensemble {
namespace {

constexpr uint16_t kGrpcPortAboveClientPort = 1000;
constexpr uint16_t kGrpcPortDefault = client::kDefaultPort + kGrpcPortAboveClientPort;

// For calls without a deadline; servers allow no more often.
constexpr int kKeepaliveMs = 300'000;

// The numbers of both enumerations are the same by design of Abseil.
absl::Status ToStatus(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

absl::StatusOr<Address> GrpcOf(Address client_address) {
  if (client_address.port > 65535 - kGrpcPortAboveClientPort) {
    return absl::InvalidArgumentError(absl::StrCat("no port is 1000 above that of ",
                                                   client_address.ToString(),
                                                   ": name the gRPC ports with --grpc-servers"));
  }
  client_address.port += kGrpcPortAboveClientPort;
  return client_address;
}

}  // namespace

AdminClient::AdminClient(const Address& grpc_address, std::string auth, int64_t timeout_ms)
    : auth_(std::move(auth)), timeout_ms_(timeout_ms) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  stub_ = v1::EnsembleService::NewStub(grpc::CreateCustomChannel(
      grpc_address.ToString(), grpc::InsecureChannelCredentials(), arguments));
}

void AdminClient::Prepare(grpc::ClientContext* context) const {
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(timeout_ms_));
  if (!auth_.empty()) context->AddMetadata("rookery-auth", "digest " + auth_);
}

absl::StatusOr<v1::GetStatusResponse> AdminClient::GetStatus() {
  grpc::ClientContext context;
  Prepare(&context);
  v1::GetStatusResponse response;
  ROOKERY_RETURN_IF_ERROR(ToStatus(stub_->GetStatus(&context, {}, &response)));
  return response;
}

absl::StatusOr<uint64_t> AdminClient::AddMember(uint32_t server, const std::string& address,
                                                bool observer) {
  grpc::ClientContext context;
  Prepare(&context);
  v1::AddMemberRequest request;
  request.set_server(server);
  request.set_address(address);
  request.set_observer(observer);
  v1::AddMemberResponse response;
  ROOKERY_RETURN_IF_ERROR(ToStatus(stub_->AddMember(&context, request, &response)));
  return response.engine_id();
}

absl::StatusOr<uint64_t> AdminClient::RejoinMember(uint32_t server) {
  grpc::ClientContext context;
  Prepare(&context);
  v1::RejoinMemberRequest request;
  request.set_server(server);
  v1::RejoinMemberResponse response;
  ROOKERY_RETURN_IF_ERROR(ToStatus(stub_->RejoinMember(&context, request, &response)));
  return response.engine_id();
}

absl::Status AdminClient::TransferLeadership(uint32_t server) {
  grpc::ClientContext context;
  Prepare(&context);
  v1::TransferLeadershipRequest request;
  request.set_server(server);
  v1::TransferLeadershipResponse response;
  return ToStatus(stub_->TransferLeadership(&context, request, &response));
}

absl::Status AdminClient::BackUp(const std::function<absl::Status(const v1::BackUpFacts&)>& facts,
                                 const std::function<absl::Status(const v1::BackUpPiece&)>& piece) {
  grpc::ClientContext context;
  if (!auth_.empty()) context.AddMetadata("rookery-auth", "digest " + auth_);
  const auto stream = stub_->BackUp(&context, {});
  v1::BackUpResponse response;
  absl::Status taken;
  while (taken.ok() && stream->Read(&response)) {
    if (response.has_facts()) taken = facts(response.facts());
    if (response.has_piece()) taken = piece(response.piece());
  }
  if (!taken.ok()) context.TryCancel();
  const grpc::Status ended = stream->Finish();
  return taken.ok() ? ToStatus(ended) : taken;
}

absl::StatusOr<std::vector<Address>> GrpcAddresses(const std::string& servers,
                                                   bool servers_are_grpc,
                                                   const std::string& grpc_servers) {
  if (!grpc_servers.empty() || servers_are_grpc) {
    ROOKERY_ASSIGN_OR_RETURN(client::ConnectString parsed,
                             client::ParseConnectString(
                                 grpc_servers.empty() ? servers : grpc_servers, kGrpcPortDefault));
    return std::move(parsed.servers);
  }
  ROOKERY_ASSIGN_OR_RETURN(const client::ConnectString parsed, client::ParseConnectString(servers));
  std::vector<Address> addresses;
  for (const Address& address : parsed.servers) {
    ROOKERY_ASSIGN_OR_RETURN(addresses.emplace_back(), GrpcOf(address));
  }
  return addresses;
}

absl::StatusOr<Address> FindLeader(const std::vector<Address>& servers, const std::string& auth,
                                   int64_t timeout_ms) {
  std::vector<std::string> problems;
  std::string leader_client_address;
  for (const Address& address : servers) {
    const auto status = AdminClient(address, auth, timeout_ms).GetStatus();
    if (!status.ok()) {
      problems.push_back(absl::StrCat(address.ToString(), ": ", status.status().message()));
      continue;
    }
    if (status->state() == v1::SERVER_STATE_LEADING) return address;
    if (status->leader() == 0) {
      problems.push_back(absl::StrCat(address.ToString(), ": knows no leader"));
    }
    for (const v1::Member& member : status->members()) {
      if (member.server() != status->leader() || status->leader() == 0) continue;
      leader_client_address = member.client_address();
      problems.push_back(absl::StrCat(
          address.ToString(), ": server ", member.server(), " at ",
          leader_client_address.empty() ? "an unknown client address" : leader_client_address,
          " leads"));
    }
  }
  // None of them leads; where the leader listens for gRPC can only be supposed.
  if (const auto parsed = Address::Parse(leader_client_address); parsed.ok()) {
    const auto supposed = GrpcOf(*parsed);
    if (supposed.ok() && AdminClient(*supposed, auth, timeout_ms).GetStatus().ok()) {
      return *supposed;
    }
  }
  return absl::UnavailableError(
      absl::StrCat("found no leader (", absl::StrJoin(problems, "; "),
                   "): name all servers with --servers, or their gRPC ports with --grpc-servers"));
}

}  // namespace rookery::tools::ensemble
