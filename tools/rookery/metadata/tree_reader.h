// Reads Kafka's nodes through a client, many at a time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/client/blocking.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/plan.h"
#include "coordinator/model/data.h"
#include "coordinator/model/stat.h"
#include "tools/rookery/subcommand.h"

namespace rookery::tools::metadata {

// A connected client for a subcommand. InvalidArgument: the options are wrong; otherwise nobody
// answered.
absl::StatusOr<std::unique_ptr<client::BlockingClient>> Open(const GlobalOptions& global);

struct Node {
  model::Data data;
  model::Stat stat;
};
using Nodes = std::map<std::string, Node>;  // by path

// The nodes of `paths` that exist. Each is read at its own moment. Fails with the first error other
// than NoNode.
absl::StatusOr<Nodes> ReadNodes(client::BlockingClient& client,
                                const std::vector<std::string>& paths);
// The same as what plans look at.
absl::StatusOr<kafka::TreeView> ReadView(client::BlockingClient& client,
                                         const std::vector<std::string>& paths);
// Sorted; none for a node that does not exist.
absl::StatusOr<std::vector<std::string>> ReadChildren(client::BlockingClient& client,
                                                      const std::string& path);

struct Broker {
  int32_t id = 0;
  int64_t epoch = 0;  // czxid of the registration, which is what Kafka takes for a broker epoch
  kafka::BrokerRegistration registration;
};
// The registered brokers by id. InvalidArgument names a registration that makes no sense.
absl::StatusOr<std::vector<Broker>> ReadBrokers(client::BlockingClient& client);

// "NoNode /a/b" as a status with a code that fits.
absl::Status ToStatus(model::ErrorCode error, absl::string_view path);

}  // namespace rookery::tools::metadata
