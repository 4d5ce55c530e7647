#include "coordinator/store/layer/flusher.h"

#include <utility>

#include "coordinator/store/layer/flush_writer.h"

namespace rookery::store {

Flusher::Flusher(Executor* core, BackgroundExecutor* background, std::shared_ptr<Base> base,
                 std::shared_ptr<NodeMemory> memory, uint32_t frozen_layers_max,
                 absl::AnyInvocable<void()> on_flushed)
    : core_(core),
      background_(background),
      base_(std::move(base)),
      memory_(std::move(memory)),
      frozen_layers_max_(frozen_layers_max),
      on_flushed_(std::move(on_flushed)),
      health_(base_->GetHealth()),
      self_(std::make_shared<Flusher*>(this)) {}

void Flusher::FreezeChanges() {
  if (!memory_->has_changes()) return;
  // A layer that an action is attached to stands for its state and takes nothing more.
  const bool joins = waiting_.size() >= frozen_layers_max_ && waiting_.size() > writing_ &&
                     waiting_.back().actions.empty();
  if (joins) {
    memory_->FreezeInto(waiting_.back().layer.get());
  } else {
    waiting_.push_back({.layer = memory_->Freeze()});
    if (waiting_.size() > 1) ++stacked_;
  }
}

void Flusher::Flush(Done done) {
  if (!failure_.ok()) {
    core_->Post([done = std::move(done), failure = failure_]() mutable { done(failure); });
    return;
  }
  FreezeChanges();
  if (waiting_.empty()) {
    core_->Post([done = std::move(done)]() mutable { done(absl::OkStatus()); });
    return;
  }
  waiting_.back().done.push_back(std::move(done));
  StartWrite();
}

void Flusher::FlushAnd(Action action) {
  if (!failure_.ok()) {
    background_->Run(
        [action = std::move(action), failure = failure_]() mutable { action(failure); });
    return;
  }
  FreezeChanges();
  if (waiting_.size() == writing_) waiting_.push_back({.layer = memory_->Freeze()});
  waiting_.back().actions.push_back(std::move(action));
  StartWrite();
}

void Flusher::StartWrite() {
  if (stopped_ || writing_ > 0 || waiting_.empty()) return;
  std::vector<std::shared_ptr<Layer>> layers;
  std::vector<Action> actions;
  while (writing_ < waiting_.size() && actions.empty()) {
    Waiting& next = waiting_[writing_++];
    layers.push_back(next.layer);
    actions = std::move(next.actions);
    next.actions.clear();
  }
  // Memory comes along, since it owns the entries.
  background_->Run([self = std::weak_ptr(self_), core = core_, base = base_, memory = memory_,
                    round = round_, layers = std::move(layers),
                    actions = std::move(actions)]() mutable {
    const absl::Status status = WriteLayers(layers, base.get());
    for (Action& action : actions) action(status);
    // Back on the core before they are released: what they own is the core's.
    core->Post([self, round, status, health = base->GetHealth(), layers = std::move(layers),
                memory = std::move(memory)]() mutable {
      layers.clear();
      const auto flusher = self.lock();
      if (flusher && (*flusher)->round_ == round) (*flusher)->OnWritten(status, health);
    });
  });
}

void Flusher::OnWritten(const absl::Status& status, const Base::Health& health) {
  health_ = health;
  std::vector<Done> done;
  for (; writing_ > 0; --writing_) {
    for (Done& one : waiting_.front().done) done.push_back(std::move(one));
    waiting_.pop_front();
    // After an error the layers stay readable until the process ends, as it must.
    if (status.ok()) memory_->Retire();
  }
  if (status.ok()) {
    ++flushes_;
    DropGarbage();
    StartWrite();
    on_flushed_();
  }
  const std::weak_ptr<Flusher*> self = self_;
  if (!status.ok()) {
    failure_ = status;
    FailWaiting();
  }
  for (Done& one : done) {
    if (self.expired()) return;
    one(status);
  }
}

void Flusher::FailWaiting() {
  for (Waiting& one : std::exchange(waiting_, {})) {
    for (Done& done : one.done) Flush(std::move(done));
    for (Action& action : one.actions) FlushAnd(std::move(action));
  }
}

void Flusher::DropGarbage() {
  auto garbage = memory_->TakeGarbage();
  if (!garbage.empty()) background_->Run([garbage = std::move(garbage)] {});
}

void Flusher::RefreshHealth() {
  background_->Run([self = std::weak_ptr(self_), core = core_, base = base_] {
    core->Post([self, health = base->GetHealth()] {
      if (const auto flusher = self.lock()) (*flusher)->health_ = health;
    });
  });
}

void Flusher::Restart(std::shared_ptr<NodeMemory> memory) {
  ++round_;
  stopped_ = false;
  failure_ = absl::OkStatus();
  writing_ = 0;
  memory_ = std::move(memory);
  std::deque<Waiting> waiting = std::exchange(waiting_, {});
  std::vector<Action> aborted;
  for (Waiting& one : waiting) {
    for (Done& done : one.done) {
      core_->Post([done = std::move(done)]() mutable { done(absl::OkStatus()); });
    }
    for (Action& action : one.actions) aborted.push_back(std::move(action));
  }
  if (aborted.empty()) return;
  background_->Run([aborted = std::move(aborted)]() mutable {
    for (Action& action : aborted) {
      action(absl::AbortedError("the state was replaced by a received checkpoint"));
    }
  });
}

}  // namespace rookery::store
