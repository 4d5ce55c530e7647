#include "coordinator/client/grpc/pump/grpc_scan.h"

#include <google/protobuf/arena.h>
#include <grpcpp/grpcpp.h>

#include "rookery/v1/coordinator.grpc.pb.h"

namespace rookery::client {
namespace {

ScannedNode NodeOf(const v1::ScanNode& node) {
  const v1::Stat& stat = node.stat();
  ScannedNode scanned;
  scanned.path = node.path();
  if (node.data().has_value()) scanned.data = node.data().value();
  scanned.stat = {.czxid = stat.czxid(),
                  .mzxid = stat.mzxid(),
                  .ctime_ms = stat.ctime_ms(),
                  .mtime_ms = stat.mtime_ms(),
                  .version = stat.version(),
                  .cversion = stat.cversion(),
                  .aversion = stat.aversion(),
                  .ephemeral_owner = stat.ephemeral_owner(),
                  .data_length = stat.data_length(),
                  .num_children = stat.num_children(),
                  .pzxid = stat.pzxid()};
  return scanned;
}

}  // namespace

absl::StatusOr<model::Zxid> ScanSubtree(const Address& server, const std::string& path,
                                        const std::string& after_path,
                                        const std::function<bool(const ScannedNode&)>& visit) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // servers gather nodes up to a size of their own
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  const auto stub = v1::CoordinatorService::NewStub(
      grpc::CreateCustomChannel(server.ToString(), grpc::InsecureChannelCredentials(), arguments));
  grpc::ClientContext context;
  v1::ScanRequest request;
  request.set_path(path);
  request.set_after_path(after_path);
  const auto stream = stub->Scan(&context, request);
  model::Zxid zxid = 0;
  bool wanted = true;
  // Messages live in an arena that is emptied between them: millions of nodes are not freed one by
  // one.
  google::protobuf::Arena arena;
  auto* response = google::protobuf::Arena::CreateMessage<v1::ScanResponse>(&arena);
  while (wanted && stream->Read(response)) {
    zxid = response->zxid();
    for (int i = 0; wanted && i < response->nodes_size(); ++i) {
      wanted = visit(NodeOf(response->nodes(i)));
    }
    arena.Reset();
    response = google::protobuf::Arena::CreateMessage<v1::ScanResponse>(&arena);
  }
  if (!wanted) context.TryCancel();
  const grpc::Status status = stream->Finish();
  if (!status.ok() && wanted) {
    // The numbers of both enumerations are the same by design of Abseil.
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
  return zxid;
}

}  // namespace rookery::client
