#include "tests/sim/recipes/observed_client.h"

#include <variant>

#include "absl/strings/match.h"

namespace rookery::sim {
namespace {

using client::SessionState;
using model::ErrorCode;

// The path that an operation is about; a multi's first part's.
std::string PathOf(const client::Operation& operation) {
  const auto path_of = [](const auto& one) -> std::string {
    if constexpr (requires { one.path; }) return one.path;
    return "";
  };
  if (const auto* read = std::get_if<model::ReadOperation>(&operation)) {
    return std::visit(path_of, *read);
  }
  const auto& write = std::get<model::WriteOperation>(operation);
  const auto* multi = std::get_if<model::MultiRequest>(&write);
  if (multi == nullptr) return std::visit(path_of, write);
  return multi->parts.empty() ? "" : std::visit(path_of, multi->parts.front());
}

}  // namespace

ObservedClient::ObservedClient(std::unique_ptr<client::Client> inner, ClientWatcher* watcher)
    : inner_(std::move(inner)), watcher_(watcher) {
  inner_->Listen([this](SessionState state) {
    if (state == SessionState::kConnecting) ++losses_;
  });
}

ObservedClient::~ObservedClient() {
  for (const auto& [number, path] : writes_) watcher_->OnUnanswered(path);
}

void ObservedClient::Submit(client::Operation operation, client::Watch watch, client::Answer done,
                            int32_t timeout_ms) {
  const uint64_t number = ++asked_;
  std::string path = PathOf(operation);
  const auto* write = std::get_if<model::WriteOperation>(&operation);
  const bool creates = write != nullptr && std::holds_alternative<model::CreateRequest>(*write);
  if (write != nullptr) writes_[number] = path;
  inner_->Submit(
      std::move(operation), std::move(watch),
      [this, number, path = std::move(path), creates,
       done = std::move(done)](client::Result<model::ReplyBody> result) mutable {
        OnAnswer(number, path, creates, result);
        if (done) done(std::move(result));
      },
      timeout_ms);
}

void ObservedClient::OnAnswer(uint64_t number, const std::string& path, bool creates,
                              const client::Result<model::ReplyBody>& result) {
  writes_.erase(number);
  if (result.ok()) ++succeeded_;
  if (result.maybe_applied) {
    watcher_->OnUnanswered(path);
    if (creates) lost_creates_.insert(path);
    return;
  }
  if (creates && result.ok()) {
    lost_creates_.erase(path);
  } else if (creates && result.error == ErrorCode::kNodeExists) {
    LookForLost(path);
  }
  if (!result.ok()) return;
  if (const auto* stat = std::get_if<model::StatReply>(&result.value)) {
    if (stat->stat.ephemeral_owner == session()) LookForLost(path);
  } else if (const auto* data = std::get_if<model::DataReply>(&result.value)) {
    watcher_->OnShown(path, data->data);
    if (data->stat.ephemeral_owner == session()) LookForLost(path);
  }
}

void ObservedClient::LookForLost(const std::string& path) {
  for (const std::string& asked : lost_creates_) {
    if (!absl::StartsWith(path, asked)) continue;
    watcher_->OnFoundAgain(path);
    lost_creates_.erase(asked);
    return;
  }
}

}  // namespace rookery::sim
