#include "coordinator/client/recipes/contention/contender.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/plant.h"

namespace rookery::client::recipes {

using model::ErrorCode;

Contender::Contender(Client* client, std::string parent, Line line, model::Data data,
                     model::Acl acl, Observer observer)
    : client_(client),
      parent_(std::move(parent)),
      line_(std::move(line)),
      data_(std::move(data)),
      acl_(std::move(acl)),
      observer_(std::move(observer)),
      operations_(client),
      told_(client->executor()),
      changed_(client->executor()) {}

std::shared_ptr<Contender> Contender::Enter(Client* client, std::string parent, Line line,
                                            model::Data data, model::Acl acl, Observer observer) {
  auto contender = std::shared_ptr<Contender>(new Contender(client, std::move(parent),
                                                            std::move(line), std::move(data),
                                                            std::move(acl), std::move(observer)));
  contender->operations_.SetOwner(contender);
  contender->scope_.Spawn(contender->Run());
  return contender;
}

void Contender::Leave() {
  if (final() || std::exchange(leaving_, true)) return;
  // At once, while there surely is a client; where the node is still being made, Run() does it.
  if (!node_.empty()) scope_.Spawn(Depart());
}

Operations::RepeatedWatch Contender::Wake() {
  return [self = weak_from_this()](const WatchEvent&) {
    const auto contender = self.lock();
    if (contender == nullptr) return;
    ++contender->news_;
    contender->told_.Notify();
  };
}

void Contender::Set(State state, absl::Status why) {
  if (state_ == state || final()) return;
  state_ = state;
  why_ = std::move(why);
  changed_.Notify();
  if (observer_.on_state) observer_.on_state(state);
}

Async<> Contender::Run() {
  // The first answer also says that there is a session, which the name is made of.
  const ErrorCode there = co_await operations_.EnsurePath(parent_, acl_);
  if (there != ErrorCode::kOk) {
    Set(State::kLost, ToStatus(there, parent_));
    co_return;
  }
  if (leaving_) {
    Set(State::kLeft);
    co_return;
  }
  const auto made = co_await operations_.CreateSequential(parent_, UniquePrefix(client_, line_),
                                                          data_, acl_, model::kEphemeralSequential);
  if (!made.ok()) {
    Set(State::kLost, ToStatus(made.error, parent_));
    co_return;
  }
  node_ = made.value.name;
  token_ = made.value.czxid;
  if (leaving_) {
    co_await Depart();
  } else {
    co_await StandInLine();
  }
}

Async<> Contender::StandInLine() {
  while (true) {
    const auto children = co_await operations_.GetChildren(parent_);
    if (leaving_) co_return;
    if (!children.ok() && children.error != ErrorCode::kNoNode) {
      Set(State::kLost, ToStatus(children.error, parent_));
      co_return;
    }
    const std::optional<std::string> before = NodeBefore(line_, node_, children.value.children);
    if (!before.has_value()) {
      if (ROOKERY_PLANTED(kLeadsOn) && state_ == State::kHolding) co_return;
      Set(State::kLost,
          absl::AbortedError(absl::StrCat("somebody deleted ", Join(parent_, node_))));
      co_return;
    }
    if (!before->empty()) Set(State::kWaiting);
    const ErrorCode error = co_await WaitBehind(*before);
    if (leaving_) co_return;
    if (error == ErrorCode::kOk || error == ErrorCode::kNoNode) {
      if (ROOKERY_PLANTED(kLockByNews)) Set(State::kHolding);
      continue;
    }
    Set(State::kLost, ToStatus(error, parent_));
    co_return;
  }
}

Async<ErrorCode> Contender::WaitBehind(std::string before) {
  const bool first = before.empty();
  const uint64_t seen = news_;
  const std::string path = Join(parent_, first ? node_ : before);
  const auto read = co_await operations_.GetData(path, Wake());
  if (!read.ok() || leaving_) co_return read.error;
  if (first) {
    Set(State::kHolding);
    if (!leaving_ && read.value.stat.version != version_ && observer_.on_written) {
      version_ = read.value.stat.version;
      observer_.on_written(read.value.data);
    }
  }
  while (news_ == seen) co_await told_.Wait();
  co_return ErrorCode::kOk;
}

Async<> Contender::Depart() {
  const std::string path = Join(parent_, node_);
  const auto deleted = co_await operations_.Delete(path);
  if (deleted.ok() || deleted.error == ErrorCode::kNoNode) {
    Set(State::kLeft);
  } else {
    Set(State::kLost, ToStatus(deleted.error, path));
  }
}

}  // namespace rookery::client::recipes
