#include "broker-sim/broker/broker.h"

#include <utility>

namespace rookery::broker_sim {
namespace {

// Kafka's pause before it takes up a new session after an expiry.
constexpr int64_t kRestartDelayUs = 50'000;

}  // namespace

Broker::Broker(BrokerOptions options, Executor* executor, const Clock* clock, Timeline* timeline,
               std::function<std::unique_ptr<client::Client>(client::Options)> make_client,
               std::function<void(int32_t broker)> on_returned)
    : options_(std::move(options)),
      executor_(executor),
      clock_(clock),
      timeline_(timeline),
      make_client_(std::move(make_client)),
      on_returned_(std::move(on_returned)) {}

Broker::~Broker() {
  *alive_ = false;
  End();
}

void Broker::Start() {
  if (!running()) Begin();
}

void Broker::Begin() {
  const uint64_t life = ++life_;
  client::Options client = CopyOf(options_.client);
  client.request_timeout_ms = 0;  // Kafka waits until the session ends
  client.seed = options_.client.seed + life;
  client.observer = [this, alive = alive_, life](client::SessionState state) {
    if (*alive && life == life_) OnState(state);
  };
  session_ = std::make_unique<Session>(make_client_(std::move(client)));
  mailbox_ = std::make_unique<Mailbox<Event>>(executor_);
  const auto push = [mailbox = mailbox_.get()](Event event) { mailbox->Push(std::move(event)); };
  controller_ = std::make_unique<Controller>(
      options_.id, session_.get(), clock_, timeline_,
      Controller::Wakes{.brokers_changed = [push] { push({.wake = Wake::kBrokers}); },
                        .topics_changed = [push] { push({.wake = Wake::kTopics}); },
                        .topic_changed =
                            [push](std::string topic) {
                              push({.wake = Wake::kTopics, .topic = std::move(topic)});
                            },
                        .deletions_changed = [push] { push({.wake = Wake::kDeletions}); }});
  configs_ = std::make_unique<ConfigListener>(options_.id, session_.get(), clock_, timeline_,
                                              [push] { push({.wake = Wake::kConfig}); });
  session_->client().Connect();
  scope_.Spawn(Main());
}

// The client goes first, so that nothing calls back into what follows.
void Broker::End() {
  ++life_;
  registered_ = connected_ = false;
  session_.reset();
  scope_.Clear();
  controller_.reset();
  configs_.reset();
  mailbox_.reset();
}

void Broker::Kill() { End(); }

void Broker::Stop(absl::AnyInvocable<void()> done) {
  if (!running()) {
    executor_->Post(std::move(done));
    return;
  }
  scope_.Clear();
  ++life_;
  session_->client().Close([this, alive = alive_, done = std::move(done)]() mutable {
    // Not from inside the client's callback: it may not be destroyed there.
    executor_->Post([this, alive, done = std::move(done)]() mutable {
      if (*alive) End();
      done();
    });
  });
}

void Broker::OnState(client::SessionState state) {
  using client::SessionState;
  switch (state) {
    case SessionState::kConnected:
    case SessionState::kConnectedReadOnly:
      if (!connected_ && disconnections_ > 0 && registered_) {
        timeline_->Tell({.name = "reconnected",
                         .broker = options_.id,
                         .text = absl::StrCat("broker ", options_.id, " is connected again, to ",
                                              session_->client().server().ToString())});
      }
      connected_ = true;
      return;
    case SessionState::kConnecting:
      if (!connected_) return;
      connected_ = false;
      ++disconnections_;
      timeline_->Tell({.name = "disconnected",
                       .broker = options_.id,
                       .text = absl::StrCat("broker ", options_.id, " lost its server")});
      return;
    case SessionState::kExpired:
    case SessionState::kAuthFailed:
      timeline_->Tell(
          {.name = "session_expired",
           .broker = options_.id,
           .text = absl::StrCat("broker ", options_.id, ": its session ",
                                model::ToHex(session_->client().session()), " has expired")});
      executor_->Post([this, alive = alive_, life = life_] {
        if (!*alive || life != life_) return;
        End();
        executor_->RunAfter(kRestartDelayUs, [this, alive, next = life_] {
          if (*alive && next == life_) Begin();
        });
      });
      return;
    case SessionState::kNotConnected:
    case SessionState::kClosed:
      return;
  }
}

void Broker::ExpandIsr(int32_t broker) {
  if (mailbox_ != nullptr) mailbox_->Push({.wake = Wake::kBrokers, .caught_up = broker});
}

Async<> Broker::Main() {
  co_await StartUp();
  if (!registered_) co_return;
  co_await Lead();
  co_await configs_->Start();
  while (true) {
    Event event = co_await mailbox_->Next();
    co_await Handle(std::move(event));
  }
}

Async<> Broker::Lead() {
  std::function<void()> on_change = [mailbox = mailbox_.get()] {
    mailbox->Push({.wake = Wake::kController});
  };
  const bool elected = co_await controller_->Elect(std::move(on_change));
  if (!elected) co_return;
  if (options_.on_elected) {
    options_.on_elected(options_.id, controller_->epoch(), controller_->elected_zxid());
  }
  co_await controller_->Failover();
}

Async<> Broker::Handle(Event event) {
  switch (event.wake) {
    case Wake::kController: {
      // Created, changed or deleted: whoever led may have been replaced; try to be next.
      const bool was_active = controller_->active();
      co_await Lead();
      if (was_active && !controller_->active()) {
        timeline_->Tell(
            {.name = "controller_resigned",
             .broker = options_.id,
             .text = absl::StrCat("broker ", options_.id, " is no longer the controller")});
      }
      break;
    }
    case Wake::kBrokers:
      if (event.caught_up >= 0) {
        co_await controller_->ExpandIsr(event.caught_up);
      } else {
        co_await controller_->OnBrokersChanged();
      }
      break;
    case Wake::kTopics:
      if (event.topic.empty()) {
        co_await controller_->OnTopicsChanged();
      } else {
        co_await controller_->OnTopicChanged(event.topic);
      }
      break;
    case Wake::kDeletions:
      co_await controller_->OnDeletionsChanged();
      break;
    case Wake::kConfig:
      co_await configs_->OnChanges();
      break;
  }
}

}  // namespace rookery::broker_sim
