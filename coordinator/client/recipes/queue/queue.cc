#include "coordinator/client/recipes/queue/queue.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/plant.h"
#include "coordinator/client/recipes/support/news.h"

namespace rookery::client::recipes {

using model::ErrorCode;

Queue::Queue(Client* client, std::string path, QueueOptions options)
    : client_(client), path_(std::move(path)), options_(std::move(options)), operations_(client) {}

Async<absl::Status> Queue::Put(std::string item, int priority) {
  co_return co_await PutEntry(&operations_, path_, options_, std::move(item), priority);
}

Async<absl::StatusOr<std::string>> Queue::TakeFirst(std::vector<std::string> entries) {
  for (const std::string& entry : entries) {
    const std::string path = Join(path_, entry);
    auto item = co_await operations_.GetData(path);
    if (item.error == ErrorCode::kNoNode) continue;  // somebody else has it
    if (!item.ok()) co_return ToStatus(item.error, path);
    const auto deleted = co_await operations_.Delete(path);
    const bool gone = deleted.error == ErrorCode::kNoNode;
    if (gone && !ROOKERY_PLANTED(kTakenUnasked)) continue;
    if (!gone && !deleted.ok()) co_return ToStatus(deleted.error, path);
    co_return item.value.data.value_or("");
  }
  co_return absl::NotFoundError("all were taken by others");
}

Async<absl::StatusOr<std::string>> Queue::Take(int64_t wait_ms) {
  News news(client_->executor(), wait_ms);
  while (true) {
    const uint64_t seen = news.Now();
    const auto children = co_await operations_.GetChildren(path_, news.Watch());
    // Where Curator made it, it is a container, and goes while we wait.
    if (children.error == ErrorCode::kNoNode) {
      const ErrorCode made = co_await operations_.EnsurePath(path_, options_.acl);
      if (made != ErrorCode::kOk) co_return ToStatus(made, path_);
      continue;
    }
    if (!children.ok()) co_return ToStatus(children.error, path_);
    absl::StatusOr<std::string> item =
        co_await TakeFirst(EntriesInOrder(options_.style, children.value.children));
    if (!absl::IsNotFound(item.status())) co_return item;
    if (!co_await news.After(seen)) break;
  }
  co_return absl::DeadlineExceededError(
      absl::StrCat("nothing came to ", path_, " within ", wait_ms, " ms"));
}

}  // namespace rookery::client::recipes
