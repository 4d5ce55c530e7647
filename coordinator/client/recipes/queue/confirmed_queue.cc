#include "coordinator/client/recipes/queue/confirmed_queue.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/plant.h"
#include "coordinator/client/recipes/support/news.h"

namespace rookery::client::recipes {

using model::ErrorCode;

ConfirmedQueue::ConfirmedQueue(Client* client, std::string path, model::Acl acl)
    : client_(client), path_(std::move(path)), acl_(std::move(acl)), operations_(client) {}

ConfirmedQueue::~ConfirmedQueue() {
  if (!entry_.empty()) client_->Delete({TakenPath()}, [](const Result<model::EmptyReply>&) {});
}

Async<absl::Status> ConfirmedQueue::Put(std::string item, int priority) {
  QueueOptions options;
  options.acl = acl_;
  co_return co_await PutEntry(&operations_, Join(path_, "entries"), options, std::move(item),
                              priority);
}

Async<absl::Status> ConfirmedQueue::TakeFirst(std::vector<std::string> entries) {
  for (const std::string& entry : entries) {
    model::CreateRequest request;
    request.path = Join(Join(path_, "taken"), entry);
    request.data = UniquePrefix(client_, {});  // as kazoo's consumers: who has it
    request.acl = acl_;
    request.flags = model::kEphemeral;
    auto made = co_await operations_.Create(request);
    while (made.maybe_applied) {
      made = co_await operations_.Create(request);
      if (made.error != ErrorCode::kNodeExists) continue;
      const auto found = co_await operations_.GetData(request.path);
      if (found.ok() && found.value.data == request.data) made.error = ErrorCode::kOk;
    }
    if (made.error == ErrorCode::kNodeExists) continue;
    if (!made.ok()) co_return ToStatus(made.error, request.path);
    entry_ = entry;
    auto item = co_await operations_.GetData(EntryPath());
    if (item.ok()) {
      item_ = item.value.data.value_or("");
      if (ROOKERY_PLANTED(kTakenForGood)) co_await operations_.Delete(EntryPath());
      co_return absl::OkStatus();
    }
    // It was confirmed before we had it.
    const std::string taken = TakenPath();
    entry_.clear();
    const auto deleted = co_await operations_.Delete(taken);
    if (item.error != ErrorCode::kNoNode) co_return ToStatus(item.error, taken);
    if (!deleted.ok() && deleted.error != ErrorCode::kNoNode) {
      co_return ToStatus(deleted.error, taken);
    }
  }
  co_return absl::NotFoundError("all are taken by others");
}

Async<absl::StatusOr<std::string>> ConfirmedQueue::Take(int64_t wait_ms) {
  if (!entry_.empty()) co_return item_;
  News news(client_->executor(), wait_ms);
  const std::string entries = Join(path_, "entries");
  const std::string taken = Join(path_, "taken");
  ErrorCode there = co_await operations_.EnsurePath(entries, acl_);
  if (there == ErrorCode::kOk) there = co_await operations_.EnsurePath(taken, acl_);
  if (there != ErrorCode::kOk) co_return ToStatus(there, path_);
  while (true) {
    const uint64_t seen = news.Now();
    const auto all = co_await operations_.GetChildren(entries, news.Watch());
    if (!all.ok()) co_return ToStatus(all.error, entries);
    const auto others = co_await operations_.GetChildren(taken, news.Watch());
    if (!others.ok()) co_return ToStatus(others.error, taken);
    const std::set<std::string> busy(others.value.children.begin(), others.value.children.end());
    std::vector<std::string> free = EntriesInOrder(NameStyle::kKazoo, all.value.children);
    std::erase_if(free, [&busy](const std::string& entry) { return busy.contains(entry); });
    const absl::Status mine = co_await TakeFirst(std::move(free));
    if (mine.ok()) co_return item_;
    if (!absl::IsNotFound(mine)) co_return mine;
    if (!co_await news.After(seen)) break;
  }
  co_return absl::DeadlineExceededError(
      absl::StrCat("nothing came to ", path_, " within ", wait_ms, " ms"));
}

Async<absl::Status> ConfirmedQueue::EndTake(model::MultiRequest request) {
  const std::string taken = TakenPath();
  const std::string entry = EntryPath();
  const bool confirms = request.parts.size() > 1;
  bool maybe_applied = false;
  while (true) {
    // While our session lives nobody else takes the node away, unless by force.
    const auto ours = co_await operations_.Exists(taken);
    if (!ours.ok() && ours.error != ErrorCode::kNoNode) co_return ToStatus(ours.error, taken);
    if (!ours.ok() || ours.value.stat.ephemeral_owner != client_->session()) {
      entry_.clear();
      if (maybe_applied) co_return absl::OkStatus();
      co_return absl::AbortedError(absl::StrCat(entry, " is no longer ours"));
    }
    const auto ended = co_await operations_.Multi(request);
    if (ended.maybe_applied) {
      maybe_applied = true;
      const ErrorCode settled = co_await operations_.Settle(taken);
      if (settled != ErrorCode::kOk) co_return ToStatus(settled, taken);
      continue;
    }
    if (ended.error == ErrorCode::kNoNode) {
      entry_.clear();
      co_return absl::AbortedError(
          absl::StrCat(confirms ? entry : taken, " was deleted by somebody else"));
    }
    if (!ended.ok()) co_return ToStatus(ended.error, taken);
    entry_.clear();
    co_return absl::OkStatus();
  }
}

Async<absl::Status> ConfirmedQueue::Confirm() {
  if (entry_.empty()) co_return absl::FailedPreconditionError("no item is taken");
  model::MultiRequest request;
  if (!ROOKERY_PLANTED(kTakenForGood))
    request.parts.emplace_back(model::DeleteRequest{EntryPath()});
  request.parts.emplace_back(model::DeleteRequest{TakenPath()});
  co_return co_await EndTake(std::move(request));
}

Async<absl::Status> ConfirmedQueue::GiveBack() {
  if (entry_.empty()) co_return absl::FailedPreconditionError("no item is taken");
  model::MultiRequest request;
  request.parts.emplace_back(model::DeleteRequest{TakenPath()});
  co_return co_await EndTake(std::move(request));
}

}  // namespace rookery::client::recipes
