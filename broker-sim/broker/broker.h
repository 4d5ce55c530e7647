// One simulated broker: a session, the start-up sequence of a real one, its registration, its part
// in the election, and its reactions. Source: kafka-on-zookeeper 3.1.
//
// A broker whose session expires begins anew with another session, as Kafka does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "broker-sim/async/session.h"
#include "broker-sim/broker/config_listener.h"
#include "broker-sim/controller/controller.h"

namespace rookery::broker_sim {

struct BrokerOptions {
  int32_t id = 0;
  std::string host = "127.0.0.1";
  int32_t port = 9092;
  std::optional<std::string> rack;
  client::Options client;  // servers, chroot, session timeout
  // After a return: how long its replicas need until they are in sync again.
  int64_t catch_up_us = 300'000;
  std::string new_cluster_id;  // written if the ensemble has none yet
  // It won an election by the write `zxid`; may be null.
  std::function<void(int32_t broker, int32_t epoch, int64_t zxid)> on_elected;
};

class Broker {
 public:
  // `on_returned` is told when the broker has registered: the cluster's controller expands ISRs
  // later.
  Broker(BrokerOptions options, Executor* executor, const Clock* clock, Timeline* timeline,
         std::function<std::unique_ptr<client::Client>(client::Options)> make_client,
         std::function<void(int32_t broker)> on_returned);
  ~Broker();

  void Start();
  // Ends without a word: the session stays until it expires.
  void Kill();
  // Closes the session, then calls `done`.
  void Stop(absl::AnyInvocable<void()> done);

  bool running() const { return session_ != nullptr; }
  bool registered() const { return registered_; }
  // Replicas of `broker` are in sync; works if this broker is the controller.
  void ExpandIsr(int32_t broker);
  const Controller* controller() const { return controller_.get(); }  // null if not running
  const BrokerOptions& options() const { return options_; }
  uint64_t disconnections() const { return disconnections_; }

 private:
  enum class Wake { kController, kBrokers, kTopics, kDeletions, kConfig };
  struct Event {
    Wake wake = Wake::kController;
    std::string topic;       // kTopics: one topic's data; empty: the list
    int32_t caught_up = -1;  // kBrokers: this one's replicas are in sync
  };

  void Begin();  // with a new session
  void End();
  void OnState(client::SessionState state);
  Async<> Main();
  Async<> StartUp();
  Async<> CreateRoots();
  Async<> CreatePath(std::string path);
  Async<> EnsureClusterId();
  Async<bool> Register();
  Async<> Lead();
  Async<> Handle(Event event);

  const BrokerOptions options_;
  Executor* const executor_;
  const Clock* const clock_;
  Timeline* const timeline_;
  const std::function<std::unique_ptr<client::Client>(client::Options)> make_client_;
  const std::function<void(int32_t)> on_returned_;

  // Of the present session; the scope goes first, then the rest.
  std::unique_ptr<Session> session_;
  std::unique_ptr<Controller> controller_;
  std::unique_ptr<ConfigListener> configs_;
  std::unique_ptr<Mailbox<Event>> mailbox_;
  Scope scope_;
  bool registered_ = false;
  bool connected_ = false;
  uint64_t disconnections_ = 0;
  uint64_t life_ = 0;  // counts sessions; tasks of an earlier one do nothing
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::broker_sim
