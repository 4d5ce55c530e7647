#include "coordinator/consensus/peer/checkpoint_sender.h"

#include <algorithm>
#include <utility>

#include "coordinator/base/plant.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/peer/checkpoint_hash.h"
#include "coordinator/consensus/peer/checkpoint_session.h"

namespace rookery::consensus {
namespace {

// Lists remembered for receivers that come (back) later: only the newest checkpoints are asked for.
constexpr size_t kListsMax = 4;

}  // namespace

CheckpointSender::CheckpointSender(Executor* executor, BackgroundExecutor* background,
                                   Network* network, const Clock* clock, CheckpointFiles* files,
                                   CheckpointSenderOptions options)
    : executor_(executor),
      background_(background),
      network_(network),
      clock_(clock),
      files_(files),
      options_(std::move(options)) {}

CheckpointSender::~CheckpointSender() {
  for (const auto& [key, timer] : broken_) executor_->Cancel(timer);
}

absl::Status CheckpointSender::Start(Judge judge, OnEnded on_ended) {
  judge_ = std::move(judge);
  on_ended_ = std::move(on_ended);
  ROOKERY_ASSIGN_OR_RETURN(
      door_, network_->Listen(options_.listen, [this, alive = std::weak_ptr<bool>(alive_)](
                                                   std::unique_ptr<Stream> stream) {
        if (!alive.expired()) OnAccept(std::move(stream));
      }));
  return absl::OkStatus();
}

Address CheckpointSender::Local() const { return door_->Local(); }

std::vector<std::string> CheckpointSender::Serving() const {
  std::vector<std::string> names;
  for (const auto& session : sessions_) {
    if (session->receiver() != 0) names.push_back(session->name());
  }
  for (const auto& [key, timer] : broken_) names.push_back(key.second);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void CheckpointSender::OnAccept(std::unique_ptr<Stream> stream) {
  if (sessions_.size() >= options_.sessions_max) {
    stream->Close();
    return;
  }
  sessions_.push_back(std::make_unique<CheckpointSession>(this, std::move(stream)));
}

void CheckpointSender::WithFiles(const std::string& name) {
  // Those that came for it before a break are back.
  for (const auto& session : sessions_) {
    if (session->receiver() == 0) continue;
    auto broken = broken_.find({session->receiver(), session->name()});
    if (broken == broken_.end()) continue;
    executor_->Cancel(broken->second);
    broken_.erase(broken);
  }
  auto [list, fresh] = lists_.try_emplace(name);
  if (list->second != nullptr) {
    for (const auto& session : sessions_) {
      if (session->waits_for_files() && session->name() == name) {
        session->Serve(list->second);
      }
    }
  } else if (fresh) {
    HashDirectory(executor_, background_, files_, name,
                  [this, name, alive = std::weak_ptr<bool>(alive_)](
                      absl::StatusOr<std::vector<CheckpointFile>> files) {
                    if (!alive.expired()) OnHashed(name, std::move(files));
                  });
  }
}

void CheckpointSender::OnHashed(const std::string& name,
                                absl::StatusOr<std::vector<CheckpointFile>> files) {
  if (files.ok()) {
    if (ROOKERY_PLANTED(kCheckpointMissingFile)) files->pop_back();
    lists_[name] = std::make_shared<const std::vector<CheckpointFile>>(*std::move(files));
    WithFiles(name);
    return;
  }
  lists_.erase(name);
  std::vector<CheckpointSession*> waiting;
  for (const auto& session : sessions_) {
    if (session->waits_for_files() && session->name() == name) waiting.push_back(session.get());
  }
  const bool gone = absl::IsNotFound(files.status());
  const std::string why(files.status().message());
  for (CheckpointSession* session : waiting) {
    session->Refuse(gone ? absl::NotFoundError(why) : absl::DataLossError(why));
  }
}

void CheckpointSender::Forget(const std::string& name) { lists_.erase(name); }

void CheckpointSender::OnSessionEnded(CheckpointSession* session, absl::Status why, bool final) {
  auto place = std::find_if(sessions_.begin(), sessions_.end(),
                            [&](const auto& each) { return each.get() == session; });
  if (place == sessions_.end()) return;
  const Key key{session->receiver(), session->name()};
  session->Close();
  executor_->Post([ended = std::move(*place)] {});  // its own call may be under way
  sessions_.erase(place);
  if (lists_.size() > kListsMax && lists_.begin()->second != nullptr) lists_.erase(lists_.begin());
  if (key.first == 0) return;
  const bool back = std::any_of(sessions_.begin(), sessions_.end(), [&](const auto& each) {
    return each->receiver() == key.first && each->name() == key.second;
  });
  if (back) return;
  const auto tell = [this, key, why] { on_ended_(key.first, key.second, why); };
  if (final) {
    executor_->Post([tell, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) tell();
    });
    return;
  }
  broken_[key] = executor_->RunAfter(options_.return_timeout_us, [this, key, tell] {
    broken_.erase(key);
    tell();
  });
}

}  // namespace rookery::consensus
