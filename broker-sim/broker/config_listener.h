// How a broker follows configuration: it reads everything at its start, and what a notification
// names afterwards. Source: kafka-on-zookeeper 3.12, 3.13.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "broker-sim/async/session.h"
#include "broker-sim/timeline/timeline.h"
#include "coordinator/base/clock.h"
#include "coordinator/kafka/config.h"

namespace rookery::broker_sim {

class ConfigListener {
 public:
  // `wake` is called when notifications were added: bring OnChanges back in turn.
  ConfigListener(int32_t broker, Session* session, const Clock* clock, Timeline* timeline,
                 std::function<void()> wake);

  // Reads the quotas that stand, and arms the watch on the notifications.
  Async<> Start();
  // Handles the notifications that are new.
  Async<> OnChanges();

  // By entity path, as in "clients/clientA".
  const std::map<std::string, kafka::ConfigMap>& configs() const { return configs_; }

 private:
  Async<> ReadAll(std::string root);
  Async<> Handle(std::string notification);
  Async<> Purge(std::string path, int64_t ctime_ms);

  const int32_t broker_;
  Session* const session_;
  const Clock* const clock_;
  Timeline* const timeline_;
  const std::function<void()> wake_;
  int64_t last_ = -1;  // sequence number handled last
  bool started_ = false;
  std::map<std::string, kafka::ConfigMap> configs_;
};

}  // namespace rookery::broker_sim
