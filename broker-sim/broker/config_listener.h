// How a broker follows configuration: it reads everything at its start, and what a notification
// names afterwards. Source: kafka-on-zookeeper 3.1, 3.12, 3.13.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "broker-sim/broker/notifications.h"
#include "broker-sim/timeline/timeline.h"
#include "coordinator/kafka/quota.h"

namespace rookery::broker_sim {

class ConfigListener {
 public:
  // Keeps `configs`, by entity path as in "clients/clientA", up to date.
  ConfigListener(int32_t broker, Session* session, Executor* executor, const Clock* clock,
                 Timeline* timeline, kafka::ConfigsByEntity* configs);

  // Called with the entity each time that one was read.
  void OnApplied(std::function<void(const std::string&)> on_applied) {
    on_applied_ = std::move(on_applied);
  }

  Async<> OnChanges() { return notifications_.Catch(); }
  // Never ends. `now`: also what stands already.
  Async<> Follow(bool now) { return notifications_.Follow(now); }
  // Changes are told from now on: what stands is known from the session before.
  void BeginToTell() { started_ = true; }
  // What stands, in Kafka's order; what changes afterwards is told.
  Async<> ReadAll();

 private:
  Async<> ReadEntities(std::string root);
  Async<> Handle(std::string notification);

  const int32_t broker_;
  Session* const session_;
  Timeline* const timeline_;
  kafka::ConfigsByEntity* const configs_;
  std::function<void(const std::string&)> on_applied_;
  Notifications notifications_;
  bool started_ = false;
};

}  // namespace rookery::broker_sim
