// The administration API of one server, for a tool that waits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/base/network.h"
#include "rookery/v1/ensemble.grpc.pb.h"

namespace rookery::tools::ensemble {

class AdminClient {
 public:
  // `auth` is "user:password" of a digest identity, "" for none. Each call takes `timeout_ms` at
  // most and fails with the server's own status; Unavailable: nobody answers there.
  AdminClient(const Address& grpc_address, std::string auth, int64_t timeout_ms);

  absl::StatusOr<v1::GetStatusResponse> GetStatus();
  // Both give the engine id.
  absl::StatusOr<uint64_t> AddMember(uint32_t server, const std::string& address, bool observer);
  absl::StatusOr<uint64_t> RejoinMember(uint32_t server);
  absl::Status TransferLeadership(uint32_t server);  // 0: to the best voter

  // A copy of the server's state: `facts` first, then each piece; an error of either ends the call
  // and is returned. It has no deadline, but a server that is gone is noticed.
  absl::Status BackUp(const std::function<absl::Status(const v1::BackUpFacts&)>& facts,
                      const std::function<absl::Status(const v1::BackUpPiece&)>& piece);

 private:
  void Prepare(grpc::ClientContext* context) const;

  std::string auth_;
  int64_t timeout_ms_;
  std::unique_ptr<v1::EnsembleService::Stub> stub_;
};

// Where the gRPC ports are: as `grpc_servers` says, or where they are unless a configuration says
// otherwise, 1000 above the client ports of `servers`. With `servers_are_grpc` those are meant
// themselves. InvalidArgument: a list is wrong.
absl::StatusOr<std::vector<Address>> GrpcAddresses(const std::string& servers,
                                                   bool servers_are_grpc,
                                                   const std::string& grpc_servers);

// The gRPC address of the leader: one of `servers`, or the one that they name by its client
// address. Unavailable: none of them answers, or they know no leader.
absl::StatusOr<Address> FindLeader(const std::vector<Address>& servers, const std::string& auth,
                                   int64_t timeout_ms);

}  // namespace rookery::tools::ensemble
