#include "coordinator/client/recipes/barrier/barrier.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/plant.h"
#include "coordinator/client/recipes/support/news.h"

namespace rookery::client::recipes {

using model::ErrorCode;

Barrier::Barrier(Client* client, std::string path, model::Acl acl)
    : client_(client), path_(std::move(path)), acl_(std::move(acl)), operations_(client) {}

Async<absl::Status> Barrier::Set() {
  const ErrorCode made = co_await operations_.EnsurePath(path_, acl_);
  co_return made == ErrorCode::kOk ? absl::OkStatus() : ToStatus(made, path_);
}

Async<absl::Status> Barrier::Remove() {
  const auto deleted = co_await operations_.Delete(path_);
  if (deleted.ok() || deleted.error == ErrorCode::kNoNode) co_return absl::OkStatus();
  co_return ToStatus(deleted.error, path_);
}

Async<absl::Status> Barrier::Wait(int64_t wait_ms) {
  News news(client_->executor(), wait_ms);
  while (true) {
    const uint64_t seen = news.Now();
    const auto node = co_await operations_.Exists(path_, news.Watch());
    if (node.error == ErrorCode::kNoNode) co_return absl::OkStatus();
    if (!node.ok()) co_return ToStatus(node.error, path_);
    if (!co_await news.After(seen)) break;
    if (ROOKERY_PLANTED(kBarrierByNews)) co_return absl::OkStatus();
  }
  co_return absl::DeadlineExceededError(
      absl::StrCat("barrier ", path_, " still stands after ", wait_ms, " ms"));
}

}  // namespace rookery::client::recipes
