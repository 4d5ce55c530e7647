#include "coordinator/client/recipes/barrier/double_barrier.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/plant.h"
#include "coordinator/client/recipes/contention/line.h"
#include "coordinator/client/recipes/support/news.h"

namespace rookery::client::recipes {

using model::ErrorCode;

namespace {

// How many of the nodes in the barrier are members.
size_t Members(const std::vector<std::string>& children) {
  return children.size() -
         static_cast<size_t>(std::count(children.begin(), children.end(), "ready"));
}

}  // namespace

DoubleBarrier::DoubleBarrier(Client* client, std::string path, size_t members,
                             DoubleBarrierOptions options)
    : client_(client),
      path_(std::move(path)),
      members_(members),
      options_(std::move(options)),
      operations_(client) {}

DoubleBarrier::~DoubleBarrier() {
  if (!node_.empty())
    client_->Delete({Join(path_, node_)}, [](const Result<model::EmptyReply>&) {});
}

Async<absl::Status> DoubleBarrier::StandBack(absl::Status why) {
  const std::string path = Join(path_, std::exchange(node_, ""));
  const auto deleted = co_await operations_.Delete(path);
  if (deleted.ok() || deleted.error == ErrorCode::kNoNode) co_return why;
  co_return ToStatus(deleted.error, path);
}

Async<absl::Status> DoubleBarrier::Enter(int64_t wait_ms) {
  if (!node_.empty()) co_return absl::FailedPreconditionError(absl::StrCat("is in ", path_));
  News news(client_->executor(), wait_ms);
  const ErrorCode there = co_await operations_.EnsurePath(path_, options_.acl);
  if (there != ErrorCode::kOk) co_return ToStatus(there, path_);
  // What we read from here on is not older than this call.
  const ErrorCode settled = co_await operations_.Settle(path_);
  if (settled != ErrorCode::kOk) co_return ToStatus(settled, path_);
  bool open = true;
  while (true) {
    // The watch comes before our node: so whoever completes the number is not missed.
    const auto ready = co_await operations_.Exists(ReadyPath(), news.Watch());
    if (!ready.ok() && ready.error != ErrorCode::kNoNode) co_return ToStatus(ready.error, path_);
    open = ready.ok();
    if (!open) break;
    const auto inside = co_await operations_.GetChildren(path_);
    if (!inside.ok()) co_return ToStatus(inside.error, path_);
    if (Members(inside.value.children) > 0) break;
    // All that were in have died: nobody else takes it away.
    const auto deleted = co_await operations_.Delete(ReadyPath());
    if (!deleted.ok() && deleted.error != ErrorCode::kNoNode) {
      co_return ToStatus(deleted.error, path_);
    }
  }
  // News from here on is that it is made, or that the session is over.
  const uint64_t seen = news.Now();

  node_ = UniquePrefix(client_, {});
  model::CreateRequest request;
  request.path = Join(path_, node_);
  request.data = options_.identifier;
  request.acl = options_.acl;
  const ErrorCode made = co_await operations_.CreateEphemeral(request);
  if (made != ErrorCode::kOk) {
    node_.clear();
    co_return ToStatus(made, request.path);
  }
  if (open) co_return absl::OkStatus();
  const auto children = co_await operations_.GetChildren(path_);
  if (!children.ok()) co_return ToStatus(children.error, path_);
  const size_t missing_most = ROOKERY_PLANTED(kBarrierShort) ? 1 : 0;
  if (Members(children.value.children) + missing_most >= members_) co_return co_await Complete();
  const bool told = co_await news.After(seen);
  if (!told) {
    const ErrorCode late = co_await operations_.Settle(path_);
    if (late != ErrorCode::kOk) co_return ToStatus(late, path_);
  }
  const auto now = co_await operations_.Exists(ReadyPath());
  if (!now.ok() && now.error != ErrorCode::kNoNode) co_return ToStatus(now.error, path_);
  if (now.ok() || news.Now() != seen) co_return absl::OkStatus();
  const std::string node = node_;
  const absl::Status back = co_await StandBack(absl::DeadlineExceededError(
      absl::StrCat("not all ", members_, " came to ", path_, " within ", wait_ms, " ms")));
  // They went in while we were on our way out: then we are in as well, if without our node.
  if (!absl::IsDeadlineExceeded(back) || news.Now() == seen) co_return back;
  node_ = node;
  co_return absl::OkStatus();
}

Async<absl::Status> DoubleBarrier::Complete() {
  const ErrorCode made = co_await operations_.EnsurePath(ReadyPath(), options_.acl);
  co_return made == ErrorCode::kOk ? absl::OkStatus() : ToStatus(made, ReadyPath());
}

Async<absl::Status> DoubleBarrier::Leave(int64_t wait_ms) {
  News news(client_->executor(), wait_ms);
  if (node_.empty() && !leaving_) {
    co_return absl::FailedPreconditionError(absl::StrCat("is not in ", path_));
  }
  leaving_ = true;
  // Nobody may come in once somebody leaves.
  const auto closed = co_await operations_.Delete(ReadyPath());
  if (!closed.ok() && closed.error != ErrorCode::kNoNode) co_return ToStatus(closed.error, path_);
  while (true) {
    const auto read = co_await operations_.GetChildren(path_);
    if (!read.ok() && read.error != ErrorCode::kNoNode) co_return ToStatus(read.error, path_);
    std::vector<std::string> children = read.value.children;
    std::erase(children, "ready");
    std::sort(children.begin(), children.end());
    const bool first = !node_.empty() && !children.empty() && children.front() == node_;
    if (children.empty() || (first && children.size() == 1)) {
      leaving_ = false;
      if (node_.empty()) co_return absl::OkStatus();
      co_return co_await StandBack(absl::OkStatus());
    }
    // The first waits for the last and goes at the end; all others go and wait for the first.
    if (!first && !node_.empty()) {
      const absl::Status gone = co_await StandBack(absl::OkStatus());
      if (!gone.ok()) co_return gone;
    }
    const uint64_t seen = news.Now();
    const std::string awaited = Join(path_, first ? children.back() : children.front());
    const auto node = co_await operations_.GetData(awaited, news.Watch());
    if (node.error == ErrorCode::kNoNode) continue;
    if (!node.ok()) co_return ToStatus(node.error, awaited);
    if (!co_await news.After(seen)) break;
  }
  co_return absl::DeadlineExceededError(
      absl::StrCat("some are still in ", path_, " after ", wait_ms, " ms"));
}

}  // namespace rookery::client::recipes
