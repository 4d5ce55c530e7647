// Kafka's AclAuthorizer: a session of its own ("ACL authorizer"), every ACL in memory, changes
// taken over as they are announced. Source: kafka-on-zookeeper 3.14.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "broker-sim/broker/notifications.h"
#include "broker-sim/timeline/timeline.h"
#include "coordinator/kafka/authorize.h"

namespace rookery::broker_sim {

class Authorizer {
 public:
  Authorizer(int32_t broker, std::unique_ptr<Session> session, Executor* executor,
             const Clock* clock, Timeline* timeline, std::set<std::string> super_users);

  void Start();
  // Until everything was read nobody may do anything, as in Kafka.
  bool MayAccess(const std::string& user, kafka::AclOperation operation,
                 const std::string& topic) const {
    const std::string principal = absl::StrCat("User:", user);
    return kafka::Authorize(acls_, settings_,
                            {.principal = principal,
                             .host = "127.0.0.1",
                             .operation = operation,
                             .type = kafka::ResourceType::kTopic,
                             .name = topic});
  }

 private:
  Async<> Main();
  Async<> CreateRoots();
  Async<> ReadAll(kafka::PatternType pattern);
  Async<> Handle(bool extended, std::string notification);
  Async<> Read(kafka::ResourcePattern resource);

  const int32_t broker_;
  std::unique_ptr<Session> session_;
  Timeline* const timeline_;
  kafka::AclsByResource acls_;
  kafka::AuthorizerSettings settings_;
  Notifications literal_, prefixed_;
  bool started_ = false;
  Scope scope_;
};

}  // namespace rookery::broker_sim
