#include "broker-sim/cluster/cluster.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "broker-sim/cluster/tree_guard.h"
#include "coordinator/kafka/paths.h"

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
    broker.id = spec.first_id + i;
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
    broker.controller.on_elected = options_.on_elected;
    client_world_.bootstrap.push_back(broker.id);
    Member& member = members_[broker.id];
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

int32_t Cluster::ControllerId() const {
  int32_t best = -1;
  int32_t epoch = -1;
  for (const auto& [id, member] : members_) {
    const Controller* controller = member.broker->controller();
    if (controller == nullptr || !controller->active() || controller->epoch() <= epoch) continue;
    best = id;
    epoch = controller->epoch();
  }
  return best;
}

absl::Status Cluster::CreateTopic(kafka::CreateTopic topic) {
  if (admin_ == nullptr) return absl::FailedPreconditionError("the simulation has not started");
  scope_.Spawn(CreateTopicNow(std::move(topic), false));
  return absl::OkStatus();
}

Async<> Cluster::CreateTopicNow(kafka::CreateTopic topic, bool all) {
  // Wait until enough brokers live: at the start they come one after another.
  constexpr int64_t kRetryUs = 50'000;
  constexpr int kTriesMax = 400;
  for (int attempt = 0;; ++attempt) {
    kafka::CreateTopicView view;
    const auto ids = co_await admin_->GetChildren(std::string(kafka::kBrokerIdsPath));
    for (const std::string& name : ids.value.children) {
      int32_t id = 0;
      if (!absl::SimpleAtoi(name, &id)) continue;
      const auto node = co_await admin_->GetData(kafka::BrokerPath(id));
      const auto broker = kafka::DecodeBroker(node.value.data.value_or(""));
      if (broker.ok()) view.brokers.push_back({id, broker->rack});
    }
    const auto topics = co_await admin_->GetChildren(std::string(kafka::kTopicsPath));
    view.topics = topics.value.children;
    const auto config = co_await admin_->GetData(kafka::TopicConfigPath(topic.name));
    if (config.ok())
      view.config = kafka::ExistingNode{config.value.data, config.value.stat.version};
    const bool enough = view.brokers.size() >= static_cast<size_t>(topic.replication_factor) &&
                        (!all || attempt == kTriesMax || view.brokers.size() >= members_.size());
    auto plan = kafka::PlanCreateTopic(view, topic, random_);
    if (!plan.ok() && (enough || attempt == kTriesMax)) {
      timeline_->Tell({.name = "error",
                       .text = absl::StrCat("topic ", topic.name, ": ", plan.status().message())});
      co_return;
    }
    if (plan.ok() && enough) {
      const auto result = co_await admin_->Multi(*std::move(plan));
      if (result.ok()) break;
    }
    co_await Sleep(executor_, kRetryUs);
  }
  timeline_->Tell({.name = "topic_created",
                   .text = absl::StrCat("topic ", topic.name, " created: ", topic.partitions,
                                        " partitions, ", topic.replication_factor, " replicas"),
                   .words = {{"topic", topic.name}}});
}

std::map<int32_t, BrokerState> Cluster::States() const {
  std::map<int32_t, BrokerState> states;
  for (const auto& [id, member] : members_) {
    states[id] = !member.broker->running()     ? BrokerState::kDown
                 : member.executor->paused()   ? BrokerState::kPaused
                 : member.broker->registered() ? BrokerState::kUp
                                               : BrokerState::kStarting;
  }
  return states;
}

bool Cluster::AllUp() const {
  for (const auto& [id, state] : States()) {
    if (state != BrokerState::kUp) return false;
  }
  return true;
}

void Cluster::HealAll() {
  for (auto& [id, member] : members_) {
    if (member.executor->paused()) member.executor->Resume();
    member.broker->Start();
  }
}

}  // namespace rookery::broker_sim
