#include "broker-sim/cluster/cluster.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "broker-sim/cluster/tree_guard.h"

namespace rookery::broker_sim {

Cluster::Cluster(ClusterOptions options, Executor* executor, const Clock* clock, Timeline* timeline,
                 MakeClient make_client)
    : options_(std::move(options)),
      executor_(executor),
      clock_(clock),
      timeline_(timeline),
      random_(options_.seed),
      fabric_(executor, options_.spec.network_delay_us),
      make_client_(std::move(make_client)) {
  MakeBrokers();
}

void Cluster::MakeBrokers() {
  const ClusterSpec& spec = options_.spec;
  const uint64_t high = random_.Next();
  const std::string cluster_id = SimulatedClusterId(high, random_.Next());
  for (int32_t i = 0; i < spec.brokers; ++i) {
    BrokerOptions broker;
    broker.id = spec.generated_ids ? -1 : spec.first_id + i;
    broker.port = spec.first_port + i;
    broker.new_cluster_id = cluster_id;
    if (!spec.racks.empty()) broker.rack = spec.racks[i % spec.racks.size()];
    broker.client = CopyOf(options_.client);
    broker.client.session_timeout_ms = spec.session_timeout_ms;
    broker.client.seed = random_.Next();
    broker.authorizer = spec.authorizer;
    broker.super_users = {absl::StrCat("User:", kAuditor)};
    broker.replicas.lag_max_us = spec.replica_lag_max_us;
    broker.replicas.acknowledges_early = spec.plants.contains(Plant::kEarlyAcknowledgement);
    broker.controller.ignores_fence = spec.plants.contains(Plant::kControllerIgnoresFence);
    broker.controller.rebalances = spec.rebalances;
    broker.controller.seed = random_.Next();
    broker.placement_seed = random_.Next();
    broker.controller.on_elected = options_.on_elected;
    broker.request_time_us = spec.request_time_us;
    Member& member = members_[spec.first_id + i];
    member.executor = std::make_unique<PausableExecutor>(executor_);
    BrokerWorld world = {.fabric = &fabric_,
                         .executor = member.executor.get(),
                         .clock = clock_,
                         .timeline = timeline_,
                         .disk = &member.disk};
    world.make_client = [this, own = member.executor.get()](client::Options client) {
      return make_client_(own, std::move(client));
    };
    member.broker = std::make_unique<Broker>(std::move(broker), std::move(world));
  }
  client_world_.fabric = &fabric_;
  client_world_.executor = executor_;
  client_world_.clock = clock_;
}

void Cluster::OpenAdmin() {
  if (admin_ != nullptr) return;
  client::Options admin = CopyOf(options_.client);
  admin.session_timeout_ms = options_.spec.session_timeout_ms;
  admin.request_timeout_ms = 0;
  admin.seed = random_.Next();
  admin_ = std::make_unique<Session>(make_client_(executor_, std::move(admin)));
  admin_->client().Connect();
  TellWhyNothingHappens();
}

Async<absl::Status> Cluster::CheckTree() {
  OpenAdmin();
  co_return co_await CheckForRealBrokers(admin_.get());
}

void Cluster::Start() {
  OpenAdmin();
  for (auto& [id, member] : members_) member.broker->Start();
  for (const kafka::CreateTopic& topic : options_.spec.topics) {
    scope_.Spawn(CreateTopicNow(topic, true));
  }
}

// Somebody who named the wrong servers would wait in front of an empty screen.
void Cluster::TellWhyNothingHappens() {
  constexpr int64_t kPeriodUs = 3'000'000;
  executor_->RunAfter(kPeriodUs, [this] {
    if (admin_->client().state() != client::SessionState::kConnecting) return;
    const std::string why = admin_->client().last_failure();
    timeline_->Tell({.name = "waiting",
                     .text = absl::StrCat("no server has answered yet",
                                          why.empty() ? "" : absl::StrCat(": ", why))});
    TellWhyNothingHappens();
  });
}

void Cluster::Stop(absl::AnyInvocable<void()> done) {
  struct Count {
    size_t left;
    absl::AnyInvocable<void()> done;
  };
  auto count = std::make_shared<Count>(Count{members_.size() + 1, std::move(done)});
  const auto one_less = [count] {
    if (--count->left == 0) count->done();
  };
  scope_.Clear();
  for (auto& [id, member] : members_) {
    if (member.executor->paused()) member.executor->Resume();
    member.broker->Close(one_less);
  }
  if (admin_ != nullptr) {
    admin_->client().Close(one_less);
  } else {
    one_less();
  }
}

// The one of the newest epoch: an older one may not know yet that it is over.
Broker* Cluster::ControllerBroker() const {
  Broker* best = nullptr;
  int32_t epoch = -1;
  for (const auto& [place, member] : members_) {
    const Controller* controller = member.broker->controller();
    if (controller == nullptr || !controller->active() || controller->epoch() <= epoch) continue;
    best = member.broker.get();
    epoch = controller->epoch();
  }
  return best;
}

int32_t Cluster::ControllerId() const {
  const Broker* controller = ControllerBroker();
  return controller == nullptr ? -1 : controller->id();
}

Cluster::Member* Cluster::FindMember(int32_t id) {
  for (auto& [place, member] : members_) {
    if (member.broker->id() == id) return &member;
  }
  return nullptr;
}

std::map<int32_t, BrokerState> Cluster::States() const {
  std::map<int32_t, BrokerState> states;
  for (const auto& [place, member] : members_) {
    if (member.broker->id() < 0) continue;
    states[member.broker->id()] = !member.broker->running()     ? BrokerState::kDown
                                  : member.executor->paused()   ? BrokerState::kPaused
                                  : member.broker->registered() ? BrokerState::kUp
                                                                : BrokerState::kStarting;
  }
  return states;
}

bool Cluster::AllUp() const {
  const auto states = States();
  return states.size() == members_.size() &&
         std::all_of(states.begin(), states.end(),
                     [](const auto& entry) { return entry.second == BrokerState::kUp; });
}

void Cluster::HealAll() {
  for (auto& [id, member] : members_) {
    if (member.executor->paused()) member.executor->Resume();
    member.broker->Start();
  }
}

}  // namespace rookery::broker_sim
