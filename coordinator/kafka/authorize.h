// The decision of Kafka's AclAuthorizer. Source: kafka-on-zookeeper 3.14.
#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/kafka/acl.h"

namespace rookery::kafka {

using AclsByResource = std::map<ResourcePattern, AclEntries>;

struct AuthorizerSettings {
  std::set<std::string> super_users;  // "User:admin"
  bool allow_everyone_if_no_acl_found = false;
};

struct AuthorizerRequest {
  absl::string_view principal;  // "User:alice"
  absl::string_view host;
  AclOperation operation = AclOperation::kRead;
  ResourceType type = ResourceType::kTopic;
  absl::string_view name;  // of one resource, never a pattern
};

// True: allowed. A matching Deny wins over every Allow; without any entry for the resource the
// settings decide. Logarithmic in the number of patterns for each prefix that exists.
bool Authorize(const AclsByResource& acls, const AuthorizerSettings& settings,
               const AuthorizerRequest& request);

}  // namespace rookery::kafka
