#include "tools/rookery/events/follow.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::tools::events {
namespace {

using Clock = std::chrono::steady_clock;

// Between rounds over all servers, none of which answers.
constexpr std::chrono::milliseconds kPause{200};
// A server that is gone without a word is noticed; servers allow no more often.
constexpr int kKeepaliveMs = 300'000;

std::unique_ptr<v1::MetadataService::Stub> StubOf(const Address& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetMaxReceiveMessageSize(-1);  // one request of the cluster's may be large
  return v1::MetadataService::NewStub(
      grpc::CreateCustomChannel(address.ToString(), grpc::InsecureChannelCredentials(), arguments));
}

bool MayAnotherServerMend(grpc::StatusCode code) {
  // Cancelled: the server ended the call as it stopped. Unimplemented: an older one.
  return code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::CANCELLED ||
         code == grpc::StatusCode::UNKNOWN || code == grpc::StatusCode::RESOURCE_EXHAUSTED;
}

}  // namespace

absl::Status Follow(const FollowOptions& options,
                    const std::function<bool(const v1::WatchMetadataResponse&)>& show) {
  v1::WatchMetadataRequest request;
  request.set_root(options.root);
  request.set_events_only(options.events_only);
  if (options.after_zxid.has_value()) request.set_after_zxid(*options.after_zxid);
  std::string problem;
  Clock::time_point heard = Clock::now();
  for (size_t turn = 0;; ++turn) {
    const Address& server = options.servers[turn % options.servers.size()];
    const auto stub = StubOf(server);
    grpc::ClientContext context;
    if (!options.auth.empty()) context.AddMetadata("rookery-auth", options.auth);
    const auto stream = stub->WatchMetadata(&context, request);
    v1::WatchMetadataResponse response;
    while (stream->Read(&response)) {
      heard = Clock::now();
      if (response.zxid() != 0) request.set_after_zxid(response.zxid());
      // Half a view is no place to go on from.
      if (response.has_view_begin()) request.clear_after_zxid();
      if (show(response)) continue;
      context.TryCancel();
      stream->Finish();
      return absl::OkStatus();
    }
    const grpc::Status ended = stream->Finish();
    problem = absl::StrCat(server.ToString(), ": ", ended.error_message());
    if (!MayAnotherServerMend(ended.error_code())) {
      return absl::Status(static_cast<absl::StatusCode>(ended.error_code()), problem);
    }
    if (Clock::now() - heard > std::chrono::milliseconds(options.timeout_ms)) {
      return absl::UnavailableError(absl::StrCat("no server answers (", problem, ")"));
    }
    if ((turn + 1) % options.servers.size() == 0) std::this_thread::sleep_for(kPause);
  }
}

}  // namespace rookery::tools::events
