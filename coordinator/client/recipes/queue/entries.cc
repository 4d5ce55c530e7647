#include "coordinator/client/recipes/queue/entries.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rookery::client::recipes {

using model::ErrorCode;

Async<absl::Status> PutEntry(Operations* operations, std::string path, QueueOptions options,
                             std::string item, int priority) {
  const bool kazoo = options.style == NameStyle::kKazoo;
  if (priority < 0 || priority > 999 || (!kazoo && priority != kDefaultPriority)) {
    co_return absl::InvalidArgumentError(
        kazoo ? absl::StrCat("expected a priority of 0 to 999, found ", priority)
              : "items with Curator's names have no priority");
  }
  model::CreateRequest request;
  request.path = Join(path, kazoo ? absl::StrFormat("entry-%03d-", priority) : "qn-");
  request.data = std::move(item);
  request.acl = options.acl;
  request.flags = model::kPersistentSequential;
  const auto made = co_await operations->CreateWithParents(request);
  if (made.ok()) co_return absl::OkStatus();
  if (made.maybe_applied) {
    co_return absl::UnknownError(
        absl::StrCat(path, ": the answer was lost, so the item is there once or not at all"));
  }
  co_return ToStatus(made.error, path);
}

std::vector<std::string> EntriesInOrder(NameStyle style, const std::vector<std::string>& children) {
  const char* const prefix = style == NameStyle::kKazoo ? "entry-" : "qn-";
  std::vector<std::string> entries;
  for (const std::string& child : children) {
    if (absl::StartsWith(child, prefix)) entries.push_back(child);
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace rookery::client::recipes
