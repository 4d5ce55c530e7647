#include "broker-sim/broker/broker.h"

#include <utility>

namespace rookery::broker_sim {
namespace {

// Kafka's pause before it takes up a new session after an expiry.
constexpr int64_t kNewSessionDelayUs = 10'000;
// A supervisor's pause before it starts a process again that has ended by itself.
constexpr int64_t kSupervisorDelayUs = 500'000;
// request_percentage mutes for a window at most.
constexpr int64_t kRequestThrottleMaxMs = 1'000;

}  // namespace

Broker::Broker(BrokerOptions options, BrokerWorld world)
    : options_(std::move(options)), world_(std::move(world)), id_(options_.id) {}

Broker::~Broker() {
  *alive_ = false;
  EndProcess();
}

void Broker::Start() {
  if (!running()) BeginProcess();
}

void Broker::BeginProcess() {
  running_ = true;
  stopping_ = false;
  produce_quotas_ = std::make_unique<ClientQuotas>("producer_byte_rate", &configs_);
  fetch_quotas_ = std::make_unique<ClientQuotas>("consumer_byte_rate", &configs_);
  request_quotas_ =
      std::make_unique<ClientQuotas>("request_percentage", &configs_, kRequestThrottleMaxMs);
  connection_quotas_ = std::make_unique<ConnectionQuotas>(&configs_);
  mutation_quotas_ = std::make_unique<MutationQuotas>(&configs_);
  BeginSession();
}

void Broker::MakeReplicas() {
  using Side = ReplicationQuota::Side;
  leader_quota_ = std::make_unique<ReplicationQuota>(Side::kLeader, id_, &configs_);
  follower_quota_ = std::make_unique<ReplicationQuota>(Side::kFollower, id_, &configs_);
  replicas_ = std::make_unique<ReplicaManager>(
      id_, options_.replicas, world_.disk, world_.fabric, world_.executor, world_.clock,
      world_.timeline,
      ReplicaManager::World{.controller = [this] { return controller_id_; },
                            .broker_epoch = [this] { return broker_epoch_; },
                            .min_isr = [this](const std::string& topic) { return MinIsr(topic); },
                            .leader_quota = leader_quota_.get(),
                            .follower_quota = follower_quota_.get()});
  replicas_->Start();
}

void Broker::EndProcess() {
  running_ = false;
  world_.fabric->Leave(id_);
  EndSession();
  requests_.Clear();
  replicas_.reset();
  produce_quotas_.reset();
  fetch_quotas_.reset();
  request_quotas_.reset();
  connection_quotas_.reset();
  mutation_quotas_.reset();
  leader_quota_.reset();
  follower_quota_.reset();
  configs_.clear();
  metadata_.clear();
  live_brokers_.clear();
  throttled_.clear();
  channels_.clear();
  controller_id_ = -1;
  controller_epoch_ = 0;
  next_producer_id_ = 0;
  last_producer_id_ = -1;
  previous_session_ = 0;
  disconnections_ = 0;
}

void Broker::BeginSession() {
  const uint64_t life = ++life_;
  client::Options client = CopyOf(options_.client);
  client.request_timeout_ms = 0;  // Kafka waits until the session ends
  client.seed += life;
  client.observer = [this, alive = alive_, life](client::SessionState state) {
    if (*alive && life == life_) OnState(state);
  };
  session_ = std::make_unique<Session>(world_.make_client(std::move(client)));
  if (world_.tap != nullptr) session_->Tap(world_.tap);
  if (id_ >= 0) MakeSessionParts();
  session_->client().Connect();
  session_scope_.Spawn(Main(previous_session_ == 0));
}

void Broker::MakeSessionParts() {
  ControllerOptions controller = options_.controller;
  controller.broker = id_;
  controller.seed += life_;
  std::unique_ptr<Controller> before = std::move(controller_);
  controller_ = std::make_unique<Controller>(std::move(controller), session_.get(), world_.fabric,
                                             world_.executor, world_.clock, world_.timeline);
  if (before != nullptr) controller_->TakeOverFrom(std::move(*before));
  config_listener_ = std::make_unique<ConfigListener>(id_, session_.get(), world_.executor,
                                                      world_.clock, world_.timeline, &configs_);
  config_listener_->OnApplied([this](const std::string& entity) {
    throttled_.clear();
    for (const auto& quotas : {&produce_quotas_, &fetch_quotas_, &request_quotas_}) {
      (*quotas)->Heard(entity);
    }
    mutation_quotas_->Heard(entity);
  });
  MakeTopicAdmin();
}

// The client goes first, so that nothing calls back into what follows.
void Broker::EndSession() {
  ++life_;
  registered_ = connected_ = false;
  if (session_ != nullptr) previous_session_ = session_->client().session();
  authorizer_.reset();
  session_.reset();
  session_scope_.Clear();
  topic_admin_.reset();
  config_listener_.reset();
  controller_.reset();
}

void Broker::Kill() { EndProcess(); }

void Broker::Close(absl::AnyInvocable<void()> done) {
  if (!running() || session_ == nullptr) {
    EndProcess();
    world_.executor->Post(std::move(done));
    return;
  }
  session_scope_.Clear();
  ++life_;
  session_->client().Close([this, alive = alive_, done = std::move(done)]() mutable {
    // Not from inside the client's callback: it may not be destroyed there.
    world_.executor->Post([this, alive, done = std::move(done)]() mutable {
      if (*alive) EndProcess();
      done();
    });
  });
}

void Broker::Stop(absl::AnyInvocable<void()> done) {
  if (!running() || !registered_ || std::exchange(stopping_, true)) return Close(std::move(done));
  struct Way {
    static Async<> Go(Broker* self, absl::AnyInvocable<void()> done) {
      co_await self->HandOver();
      self->world_.executor->Post([self, alive = self->alive_, done = std::move(done)]() mutable {
        if (*alive) self->Close(std::move(done));
      });
    }
  };
  requests_.Spawn(Way::Go(this, std::move(done)));
}

// Three tries, as Kafka does, with a shorter pause.
Async<> Broker::HandOver() {
  constexpr int kTries = 3;
  constexpr int64_t kPauseUs = 500'000;
  constexpr int64_t kAnswerWithinUs = 10'000'000;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    ControlledShutdownRequest request = {.broker = id_, .broker_epoch = broker_epoch_};
    const auto response = co_await world_.fabric->Call(world_.executor, controller_id_,
                                                       std::move(request), kAnswerWithinUs);
    if (response.has_value() && response->error == Error::kNone && response->remaining == 0) {
      world_.timeline->Tell({.name = "stopped",
                             .broker = id_,
                             .text = absl::StrCat("broker ", id_, " leads nothing and stops")});
      co_return;
    }
    co_await Sleep(world_.executor, kPauseUs);
  }
  world_.timeline->Tell(
      {.name = "error",
       .broker = id_,
       .text = absl::StrCat("broker ", id_, " stops without having handed over its leaders")});
}

void Broker::OnState(client::SessionState state) {
  using client::SessionState;
  switch (state) {
    case SessionState::kConnected:
    case SessionState::kConnectedReadOnly:
      if (!connected_ && disconnections_ > 0 && registered_) {
        world_.timeline->Tell({.name = "reconnected",
                               .broker = id_,
                               .text = absl::StrCat("broker ", id_, " is connected again, to ",
                                                    session_->client().server().ToString())});
      }
      connected_ = true;
      return;
    case SessionState::kConnecting:
      if (!connected_) return;
      connected_ = false;
      ++disconnections_;
      world_.timeline->Tell({.name = "disconnected",
                             .broker = id_,
                             .text = absl::StrCat("broker ", id_, " lost its server")});
      return;
    case SessionState::kExpired:
    case SessionState::kAuthFailed:
      world_.timeline->Tell(
          {.name = "session_expired",
           .broker = id_,
           .text = absl::StrCat("broker ", id_, ": its session ",
                                model::ToHex(session_->client().session()), " has expired")});
      world_.executor->Post([this, alive = alive_, life = life_] {
        if (!*alive || life != life_) return;
        // The planted mistake: the controller does not notice.
        std::unique_ptr<Controller> zombie;
        if (options_.controller.ignores_fence) zombie = std::move(controller_);
        session_scope_.Clear();
        EndSession();
        controller_ = std::move(zombie);
        world_.executor->RunAfter(kNewSessionDelayUs, [this, alive, next = life_] {
          if (*alive && next == life_ && running()) BeginSession();
        });
      });
      return;
    case SessionState::kNotConnected:
    case SessionState::kClosed:
      return;
  }
}

void Broker::ExitAndStartAgain(const std::string& why) {
  world_.timeline->Tell(
      {.name = "exited", .broker = id_, .text = absl::StrCat("broker ", id_, " exits: ", why)});
  // The process stays down for the supervisor's pause, but counts as running.
  world_.executor->RunAfter(kSupervisorDelayUs, [this, alive = alive_, life = life_] {
    if (!*alive || life != life_) return;
    EndProcess();
    BeginProcess();
  });
}

}  // namespace rookery::broker_sim
