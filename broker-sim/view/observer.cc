#include "broker-sim/view/observer.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {
namespace {

using Kind = client::WatchEvent::Kind;

// A watch that resumes who awaits `fired`.
Session::Watch WatchOf(Completion<Kind>* fired) {
  return [fire = fired->Callback()](const client::WatchEvent& event) mutable { fire(event.kind); };
}

}  // namespace

Observer::Observer(Executor* executor, client::Options options, MakeClient make_client,
                   ViewListener* listener)
    : executor_(executor),
      options_(std::move(options)),
      make_client_(std::move(make_client)),
      listener_(listener == nullptr ? &nobody_ : listener) {}

Observer::~Observer() {
  *alive_ = false;
  End();
}

void Observer::Start() { Begin(); }

void Observer::Begin() {
  const uint64_t life = ++life_;
  client::Options options = CopyOf(options_);
  options.request_timeout_ms = 0;
  options.seed += life;
  options.observer = [this, alive = alive_, life](client::SessionState state) {
    if (!*alive || life != life_ || state != client::SessionState::kExpired) return;
    executor_->Post([this, alive, life] {
      if (!*alive || life != life_) return;
      End();
      Begin();
    });
  };
  session_ = std::make_unique<Session>(make_client_(std::move(options)));
  session_->client().Connect();
  scope_.Spawn(Main());
}

void Observer::End() {
  ++life_;
  session_.reset();
  scope_.Clear();
  followed_.clear();
}

void Observer::Stop(absl::AnyInvocable<void()> done) {
  if (session_ == nullptr) return executor_->Post(std::move(done));
  scope_.Clear();
  ++life_;
  session_->client().Close(std::move(done));
}

Async<> Observer::Main() {
  view_ = {};
  scope_.Spawn(FollowControllerEpoch());
  scope_.Spawn(FollowController());
  scope_.Spawn(FollowBrokers());
  Handle config = [this](std::string change) { return ReadChangedConfig(std::move(change)); };
  Handle acl = [this](std::string change) { return TellChangedAcl(std::move(change)); };
  scope_.Spawn(FollowChanges(std::string(kafka::kConfigChangesPath), std::move(config)));
  scope_.Spawn(FollowChanges("/kafka-acl-changes", acl));
  scope_.Spawn(FollowChanges("/kafka-acl-extended-changes", acl));
  co_await FollowTopics();
}

Async<> Observer::FollowController() {
  const std::string path(kafka::kControllerPath);
  while (true) {
    Completion<Kind> fired;
    Session::Watch watch = WatchOf(&fired);
    const auto present = co_await session_->Exists(path, std::move(watch));
    if (!present.ok() && present.error != model::ErrorCode::kNoNode) co_return;
    std::optional<int32_t> id;
    if (present.ok()) {
      const auto node = co_await session_->GetData(path);
      const auto controller = kafka::DecodeController(node.value.data.value_or(""));
      if (node.ok() && !controller.ok()) listener_->OnUnreadable(path, controller.status());
      if (node.ok() && controller.ok()) id = controller->broker;
    }
    if (view_.controller != id) {
      view_.controller = id;
      listener_->OnController(id);
    }
    if (co_await fired == Kind::kSessionLost) co_return;
  }
}

Async<> Observer::FollowControllerEpoch() {
  const std::string path(kafka::kControllerEpochPath);
  while (true) {
    Completion<Kind> fired;
    Session::Watch watch = WatchOf(&fired);
    const auto present = co_await session_->Exists(path, std::move(watch));
    if (!present.ok() && present.error != model::ErrorCode::kNoNode) co_return;
    if (present.ok()) {
      const auto node = co_await session_->GetData(path);
      const auto epoch = kafka::DecodeControllerEpoch(node.value.data.value_or(""));
      if (node.ok() && !epoch.ok()) listener_->OnUnreadable(path, epoch.status());
      if (node.ok() && epoch.ok()) {
        view_.controller_epoch = *epoch;
        listener_->OnControllerEpoch(*epoch, node.value.stat.mzxid);
      }
    }
    if (co_await fired == Kind::kSessionLost) co_return;
  }
}

Async<> Observer::FollowBrokers() {
  const std::string path(kafka::kBrokerIdsPath);
  while (true) {
    Completion<Kind> fired;
    Session::Watch watch = WatchOf(&fired);
    const auto names = co_await session_->GetChildren(path, std::move(watch));
    if (!names.ok()) {  // no broker has ever been here; its parents come with the first
      constexpr int64_t kRetryUs = 200'000;
      co_await Sleep(executor_, kRetryUs);
      continue;
    }
    std::map<int32_t, int64_t> brokers;
    for (const std::string& name : names.value.children) {
      int32_t id = 0;
      if (!absl::SimpleAtoi(name, &id)) continue;
      const auto node = co_await session_->Exists(model::ChildPath(path, name));
      if (node.ok()) brokers[id] = node.value.stat.czxid;
    }
    const std::map<int32_t, int64_t> before = std::exchange(view_.brokers, brokers);
    for (const auto& [id, epoch] : before) {
      const auto now = brokers.find(id);
      if (now == brokers.end() || now->second != epoch) listener_->OnBroker(id, false);
    }
    for (const auto& [id, epoch] : brokers) {
      const auto then = before.find(id);
      if (then == before.end() || then->second != epoch) listener_->OnBroker(id, true);
    }
    if (co_await fired == Kind::kSessionLost) co_return;
  }
}

Async<> Observer::FollowTopics() {
  const std::string path(kafka::kTopicsPath);
  while (true) {
    Completion<Kind> fired;
    Session::Watch watch = WatchOf(&fired);
    const auto names = co_await session_->GetChildren(path, std::move(watch));
    if (!names.ok()) {
      constexpr int64_t kRetryUs = 200'000;
      co_await Sleep(executor_, kRetryUs);
      continue;
    }
    SeeTopics(names.value.children);
    if (co_await fired == Kind::kSessionLost) co_return;
  }
}

// A topic that goes ends its own coroutines: their watches tell them.
void Observer::SeeTopics(const std::vector<std::string>& topics) {
  for (const std::string& topic : topics) {
    if (followed_.insert(topic).second) scope_.Spawn(FollowTopic(topic));
  }
}

Async<> Observer::FollowTopic(std::string topic) {
  const std::string path = kafka::TopicPath(topic);
  bool told = false;
  while (true) {
    Completion<Kind> fired;
    Session::Watch watch = WatchOf(&fired);
    const auto node = co_await session_->GetData(path, std::move(watch));
    if (!node.ok()) break;
    const auto assignment = kafka::DecodeTopic(node.value.data.value_or(""));
    if (assignment.ok()) {
      for (const auto& [partition, replicas] : assignment->partitions) {
        view_.topics[topic][partition].replicas = replicas;
        if (followed_.insert(absl::StrCat(topic, "/", partition)).second) {
          scope_.Spawn(FollowState(topic, partition));
        }
      }
      if (!std::exchange(told, true)) listener_->OnTopic(topic, true);
    } else {
      listener_->OnUnreadable(path, assignment.status());
    }
    const Kind kind = co_await fired;
    if (kind == Kind::kSessionLost) co_return;
    if (kind == Kind::kDeleted) break;
  }
  view_.topics.erase(topic);
  followed_.erase(topic);
  if (told) listener_->OnTopic(topic, false);
}

Async<> Observer::FollowState(std::string topic, int32_t partition) {
  const std::string path = kafka::PartitionStatePath(topic, partition);
  while (followed_.contains(topic)) {
    Completion<Kind> fired;
    Session::Watch watch = WatchOf(&fired);
    const auto present = co_await session_->Exists(path, std::move(watch));
    if (present.ok()) {
      const auto node = co_await session_->GetData(path);
      const auto state = kafka::DecodePartitionState(node.value.data.value_or(""));
      const auto known = view_.topics.find(topic);
      if (node.ok() && !state.ok()) listener_->OnUnreadable(path, state.status());
      if (node.ok() && state.ok() && known != view_.topics.end()) {
        auto& slot = known->second[partition].state;
        const auto before = std::exchange(slot, *state);
        if (before != slot) {
          listener_->OnState(topic, partition, before, *state, node.value.stat.mzxid);
        }
      }
    } else if (present.error != model::ErrorCode::kNoNode) {
      co_return;
    }
    const Kind kind = co_await fired;
    if (kind == Kind::kSessionLost) co_return;
    if (kind == Kind::kDeleted) break;
  }
  followed_.erase(absl::StrCat(topic, "/", partition));
}

}  // namespace rookery::broker_sim
