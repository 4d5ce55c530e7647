#include "coordinator/client/recipes/contention/holder.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::client::recipes {
namespace {

using model::ErrorCode;

// What Curator writes into the node of a holder that shall let go.
constexpr char kRevoke[] = "__REVOKE__";

}  // namespace

Holder::Holder(Client* client, std::string path, Line line, std::vector<std::string> words,
               HolderOptions options)
    : client_(client),
      path_(std::move(path)),
      line_(std::move(line)),
      words_(std::move(words)),
      options_(std::move(options)),
      operations_(client),
      listener_(client->Listen([this](SessionState state) { OnSession(state); })),
      self_(std::make_shared<Holder*>(this)) {}

Holder::~Holder() {
  client_->Forget(listener_);
  self_.reset();
  Drop();
}

void Holder::Drop() {
  if (contender_ != nullptr) std::exchange(contender_, nullptr)->Leave();
}

void Holder::Tell(HoldEvent event) {
  if (observer_) observer_(event);
}

void Holder::OnState(Contender::State state) {
  if (state == Contender::State::kHolding) {
    in_doubt_ = false;
    Tell(HoldEvent::kHeld);
  }
}

void Holder::OnSession(SessionState state) {
  if (!held()) return;
  if (state == SessionState::kConnecting && !in_doubt_) {
    in_doubt_ = true;
    Tell(HoldEvent::kInDoubt);
  } else if (state == SessionState::kConnected && in_doubt_) {
    in_doubt_ = false;
    Tell(HoldEvent::kHeld);
  }
}

struct Holder::GivesUp {
  std::weak_ptr<Holder*> holder;
  std::shared_ptr<Contender> contender;
  ~GivesUp() {
    if (contender == nullptr) return;
    const auto self = holder.lock();
    if (self && (*self)->contender_ == contender) (*self)->Drop();
  }
};

Async<absl::StatusOr<Holding>> Holder::Acquire(int64_t wait_ms) {
  if (stands()) {
    co_return absl::FailedPreconditionError(
        absl::StrCat(path_, " is held or being asked for by this object: release it before"));
  }
  // The callbacks come while we are in a call of the contender's, or not at all.
  auto held_before = std::make_shared<bool>(false);
  Contender::Observer observer;
  observer.on_state = [self = std::weak_ptr(self_), held_before](Contender::State state) {
    const auto holder = self.lock();
    if (holder == nullptr) return;
    const bool was_held = std::exchange(*held_before, state == Contender::State::kHolding);
    (*holder)->OnState(state);
    if (was_held && state == Contender::State::kLost) (*holder)->Tell(HoldEvent::kLost);
  };
  observer.on_written = [self = std::weak_ptr(self_)](const model::Data& data) {
    const auto holder = self.lock();
    if (holder && data == kRevoke) (*holder)->Tell(HoldEvent::kRevocationWanted);
  };
  const std::shared_ptr<Contender> contender = Contender::Enter(
      client_, path_, line_, options_.identifier, options_.acl, std::move(observer));
  contender_ = contender;
  GivesUp gives_up{self_, contender};
  Executor* const executor = client_->executor();
  const std::weak_ptr<Holder*> self = self_;  // gone when the holder is
  auto late = std::make_shared<bool>(false);
  TimerId timer = 0;
  if (wait_ms >= 0) {
    timer = executor->RunAfter(wait_ms * 1000, [late, weak = std::weak_ptr(contender)] {
      *late = true;
      if (const auto still = weak.lock()) still->changed().Notify();
    });
  }
  while (!*late && !self.expired() && contender_ == contender && !contender->final() &&
         contender->state() != Contender::State::kHolding) {
    co_await contender->changed().Wait();
  }
  if (timer != 0 && !*late) executor->Cancel(timer);
  if (self.expired() || contender_ != contender) {
    gives_up.contender = nullptr;
    co_return absl::CancelledError("gave up waiting: it was released before it was held");
  }
  if (contender->state() == Contender::State::kHolding) {
    gives_up.contender = nullptr;
    co_return holding();
  }
  if (contender->state() == Contender::State::kLost) co_return contender->why();
  co_return absl::DeadlineExceededError(
      absl::StrCat(path_, " was not to be had within ", wait_ms, " ms"));
}

Async<absl::Status> Holder::Release() {
  const std::shared_ptr<Contender> contender = std::exchange(contender_, nullptr);
  if (contender == nullptr) co_return absl::OkStatus();
  in_doubt_ = false;
  contender->Leave();
  contender->changed().Notify();  // for an Acquire that waits
  while (!contender->final()) co_await contender->changed().Wait();
  co_return contender->state() == Contender::State::kLeft ? absl::OkStatus() : contender->why();
}

Holding Holder::holding() const { return {Join(path_, contender_->node()), contender_->token()}; }

Async<absl::StatusOr<std::vector<std::string>>> Holder::Contenders() {
  const auto children = co_await operations_.GetChildren(path_);
  std::vector<std::string> identifiers;
  if (children.error == ErrorCode::kNoNode) co_return identifiers;
  if (!children.ok()) co_return ToStatus(children.error, path_);
  for (const std::string& name : InOrder(words_, children.value.children)) {
    const auto node = co_await operations_.GetData(Join(path_, name));
    if (node.error == ErrorCode::kNoNode) continue;
    if (!node.ok()) co_return ToStatus(node.error, Join(path_, name));
    identifiers.push_back(node.value.data.value_or(""));
  }
  co_return identifiers;
}

Async<absl::Status> Holder::Revoke() {
  const auto children = co_await operations_.GetChildren(path_);
  if (children.error == ErrorCode::kNoNode) co_return absl::OkStatus();
  if (!children.ok()) co_return ToStatus(children.error, path_);
  for (const std::string& name : InOrder(words_, children.value.children)) {
    const std::string path = Join(path_, name);
    model::SetDataRequest request;
    request.path = path;
    request.data = kRevoke;
    auto written = co_await operations_.SetData(request);
    while (written.maybe_applied) written = co_await operations_.SetData(request);
    if (written.ok() || written.error == ErrorCode::kNoNode) break;
    co_return ToStatus(written.error, path);
  }
  co_return absl::OkStatus();
}

}  // namespace rookery::client::recipes
