#include "tools/rookery/metadata/tree_reader.h"

#include <algorithm>
#include <future>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/kafka/paths.h"

namespace rookery::tools::metadata {
namespace {

using model::ErrorCode;

// Reads under way at once: enough to hide the way to the server, few enough for its queues.
constexpr size_t kReadsAtOnce = 1000;

}  // namespace

absl::StatusOr<std::unique_ptr<client::BlockingClient>> Open(const GlobalOptions& global) {
  ROOKERY_ASSIGN_OR_RETURN(const client::Protocol protocol, client::ParseProtocol(global.protocol));
  client::Options options;
  options.request_timeout_ms = static_cast<int32_t>(std::min<int64_t>(global.timeout_ms, 1 << 30));
  if (!global.login.empty()) options.credentials.push_back({"sasl", global.login});
  return client::OpenBlockingClient(protocol, global.servers, std::move(options),
                                    global.timeout_ms);
}

absl::Status ToStatus(ErrorCode error, absl::string_view path) {
  const std::string text = absl::StrCat(model::ErrorName(error), " ", path);
  switch (error) {
    case ErrorCode::kOk:
      return absl::OkStatus();
    case ErrorCode::kNoNode:
      return absl::NotFoundError(
          absl::StrCat(text, ": expected a Kafka cluster under this address; is the chroot right"));
    case ErrorCode::kNoAuth:
      return absl::PermissionDeniedError(text);
    case ErrorCode::kNodeExists:
    case ErrorCode::kBadVersion:
      return absl::AbortedError(text);
    default:
      return absl::UnavailableError(text);
  }
}

absl::StatusOr<Nodes> ReadNodes(client::BlockingClient& client,
                                const std::vector<std::string>& paths) {
  Nodes nodes;
  absl::Status failure;
  for (size_t begin = 0; begin < paths.size() && failure.ok(); begin += kReadsAtOnce) {
    const size_t end = std::min(paths.size(), begin + kReadsAtOnce);
    size_t missing = end - begin;
    std::promise<void> all;
    client.WithClient([&](client::Client& async) {
      for (size_t i = begin; i < end; ++i) {
        async.GetData(paths[i], nullptr, [&, i](client::Result<model::DataReply> result) {
          if (result.ok()) {
            nodes[paths[i]] = {std::move(result.value.data), result.value.stat};
          } else if (result.error != ErrorCode::kNoNode && failure.ok()) {
            failure = ToStatus(result.error, paths[i]);
          }
          if (--missing == 0) all.set_value();
        });
      }
    });
    all.get_future().wait();  // every request ends by its own timeout
  }
  if (!failure.ok()) return failure;
  return nodes;
}

absl::StatusOr<kafka::TreeView> ReadView(client::BlockingClient& client,
                                         const std::vector<std::string>& paths) {
  ROOKERY_ASSIGN_OR_RETURN(Nodes nodes, ReadNodes(client, paths));
  kafka::TreeView view;
  for (auto& [path, node] : nodes) {
    view[path] = {std::move(node.data), node.stat.version, node.stat.num_children};
  }
  return view;
}

absl::StatusOr<std::vector<std::string>> ReadChildren(client::BlockingClient& client,
                                                      const std::string& path) {
  auto result = client.GetChildren(path);
  if (result.error == ErrorCode::kNoNode) return std::vector<std::string>();
  if (!result.ok()) return ToStatus(result.error, path);
  std::sort(result.value.children.begin(), result.value.children.end());
  return std::move(result.value.children);
}

absl::StatusOr<std::vector<Broker>> ReadBrokers(client::BlockingClient& client) {
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                           ReadChildren(client, std::string(kafka::kBrokerIdsPath)));
  std::vector<Broker> brokers;
  std::vector<std::string> paths;
  for (const std::string& id : ids) {
    Broker broker;
    if (!absl::SimpleAtoi(id, &broker.id)) continue;  // not a registration
    brokers.push_back(broker);
  }
  std::sort(brokers.begin(), brokers.end(),
            [](const Broker& a, const Broker& b) { return a.id < b.id; });
  for (const Broker& broker : brokers) paths.push_back(kafka::BrokerPath(broker.id));
  ROOKERY_ASSIGN_OR_RETURN(const Nodes nodes, ReadNodes(client, paths));
  std::vector<Broker> present;
  for (Broker& broker : brokers) {
    const auto node = nodes.find(kafka::BrokerPath(broker.id));
    if (node == nodes.end()) continue;  // left meanwhile
    auto registration = kafka::DecodeBroker(node->second.data.value_or(""));
    if (!registration.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(node->first, ": ", registration.status().message()));
    }
    broker.registration = *std::move(registration);
    broker.epoch = node->second.stat.czxid;
    present.push_back(std::move(broker));
  }
  return present;
}

}  // namespace rookery::tools::metadata
