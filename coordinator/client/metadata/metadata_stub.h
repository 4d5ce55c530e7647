// A server's MetadataService.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/status.h"
#include "coordinator/base/network.h"
#include "rookery/v1/metadata.grpc.pb.h"

namespace rookery::client {

// Connects when it is first asked. Messages may be of any size, and a server that is gone without a
// word is noticed.
std::unique_ptr<v1::MetadataService::Stub> MetadataStub(const Address& grpc_server);

// The status of a call, with the server's name in front of its message.
absl::Status ToStatus(const grpc::Status& status, const Address& grpc_server);

// True for what speaks of that server alone: it is gone, stops, or has too much to do.
bool MayAnotherServerMend(const absl::Status& status);

}  // namespace rookery::client
