// Who may log in, from files.
//
//   sasl.usersFile            jaas.config: what ZooKeeper reads
//   # user=password           Server {
//   kafka=kafka-secret          org.apache.zookeeper.server.auth.DigestLoginModule required
//                               user_kafka="kafka-secret";
//                             };
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::config {

using SaslUsers = std::map<std::string, std::string>;  // passwords by user

// A file of Java's properties syntax. InvalidArgument: "line: expected ..., found ...".
absl::StatusOr<SaslUsers> ParseUsersFile(absl::string_view text);

// The users of the DigestLoginModule in `section`. InvalidArgument: as above, also if there is no
// such section, or another module in it.
absl::StatusOr<SaslUsers> ParseJaasUsers(absl::string_view text, absl::string_view section);

}  // namespace rookery::config
