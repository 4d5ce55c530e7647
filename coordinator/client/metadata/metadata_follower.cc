#include "coordinator/client/metadata/metadata_follower.h"

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/client/metadata/metadata_stub.h"

namespace rookery::client {
namespace {

using Clock = std::chrono::steady_clock;

// Between rounds over all servers, none of which answers.
constexpr std::chrono::milliseconds kPause{200};

}  // namespace

bool MetadataFollower::stopped() {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void MetadataFollower::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (context_ != nullptr) context_->TryCancel();
}

absl::Status MetadataFollower::Watch(
    const Address& server, const v1::WatchMetadataRequest& request,
    const std::function<bool(const v1::WatchMetadataResponse&)>& show) {
  const auto stub = MetadataStub(server);
  grpc::ClientContext context;
  if (!options_.auth.empty()) context.AddMetadata("rookery-auth", options_.auth);
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return absl::OkStatus();
    context_ = &context;
  }
  const auto stream = stub->WatchMetadata(&context, request);
  v1::WatchMetadataResponse response;
  while (!stopped() && stream->Read(&response)) {
    if (!show(response)) Stop();
  }
  const grpc::Status ended = stream->Finish();
  const std::lock_guard lock(mutex_);
  context_ = nullptr;
  return ToStatus(ended, server);
}

absl::Status MetadataFollower::Run(
    const std::function<bool(const v1::WatchMetadataResponse&)>& show) {
  v1::WatchMetadataRequest request;
  request.set_root(options_.root);
  request.set_events_only(options_.events_only);
  if (options_.after_zxid.has_value()) request.set_after_zxid(*options_.after_zxid);
  Clock::time_point heard = Clock::now();
  const auto take = [&](const v1::WatchMetadataResponse& response) {
    heard = Clock::now();
    if (response.zxid() != 0) request.set_after_zxid(response.zxid());
    // Half a view is no place to go on from.
    if (response.has_view_begin()) request.clear_after_zxid();
    return show(response);
  };
  for (size_t turn = 0;; ++turn) {
    const Address& server = options_.servers[turn % options_.servers.size()];
    const v1::WatchMetadataRequest now = request;
    const absl::Status ended = Watch(server, now, take);
    if (stopped()) return absl::OkStatus();
    if (!MayAnotherServerMend(ended)) return ended;
    if (options_.timeout_ms > 0 &&
        Clock::now() - heard > std::chrono::milliseconds(options_.timeout_ms)) {
      return absl::UnavailableError(absl::StrCat("no server answers (", ended.message(), ")"));
    }
    if ((turn + 1) % options_.servers.size() == 0) std::this_thread::sleep_for(kPause);
  }
}

}  // namespace rookery::client
