#include "tools/rookery/metadata/cluster.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/paths.h"
#include "tools/rookery/metadata/typed_cluster.h"

namespace rookery::tools::metadata {
namespace {

constexpr int kReadingsMax = 8;
constexpr absl::string_view kTopicConfigsPath = "/config/topics";

// Nodes and lists as they came.
struct Reading {
  std::map<std::string, std::vector<std::string>> children;
  Nodes nodes;

  // Equal: nothing was changed, made or removed in between. A node that was made anew has another
  // czxid and so another mzxid.
  friend bool operator==(const Reading& a, const Reading& b) {
    return a.children == b.children &&
           std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(),
                      [](const auto& left, const auto& right) {
                        return left.first == right.first &&
                               left.second.stat.mzxid == right.second.stat.mzxid;
                      });
  }
};

absl::Status ReadMore(client::BlockingClient& client, const std::vector<std::string>& paths,
                      Reading* reading) {
  ROOKERY_ASSIGN_OR_RETURN(Nodes nodes, ReadNodes(client, paths));
  reading->nodes.merge(nodes);
  return absl::OkStatus();
}

absl::StatusOr<Reading> ReadOnce(client::BlockingClient& client) {
  Reading reading;
  for (const absl::string_view list :
       {kafka::kBrokerIdsPath, kafka::kTopicsPath, kTopicConfigsPath, kafka::kDeleteTopicsPath}) {
    const std::string path(list);
    ROOKERY_ASSIGN_OR_RETURN(reading.children[path], ReadChildren(client, path));
  }
  std::vector<std::string> paths = {std::string(kafka::kControllerPath),
                                    std::string(kafka::kControllerEpochPath)};
  for (const std::string& id : reading.children[std::string(kafka::kBrokerIdsPath)]) {
    paths.push_back(absl::StrCat(kafka::kBrokerIdsPath, "/", id));
  }
  const std::vector<std::string>& names = reading.children[std::string(kafka::kTopicsPath)];
  for (const std::string& name : names) {
    paths.push_back(kafka::TopicPath(name));
    paths.push_back(kafka::TopicConfigPath(name));
  }
  ROOKERY_RETURN_IF_ERROR(ReadMore(client, paths, &reading));
  paths.clear();
  for (const std::string& name : names) {
    const auto topic = ParseTopic(name, reading.nodes);
    if (!topic.ok()) continue;  // said when it is parsed for good
    for (std::string& path : StatePaths(*topic)) paths.push_back(std::move(path));
  }
  ROOKERY_RETURN_IF_ERROR(ReadMore(client, paths, &reading));
  return reading;
}

void ParseBrokers(const Reading& reading, Cluster* cluster) {
  for (const std::string& id : reading.children.at(std::string(kafka::kBrokerIdsPath))) {
    const std::string path = absl::StrCat(kafka::kBrokerIdsPath, "/", id);
    const auto registration = kafka::DecodeBroker(DataOf(reading.nodes, path));
    int32_t number = 0;
    if (!absl::SimpleAtoi(id, &number)) {
      cluster->unreadable.push_back(absl::StrCat(path, ": expected a broker's number"));
    } else if (!registration.ok()) {
      cluster->unreadable.push_back(absl::StrCat(path, ": ", registration.status().message()));
    } else {
      cluster->brokers[number] = registration->rack;
    }
  }
}

void ParseController(const Reading& reading, Cluster* cluster) {
  const std::string controller_path(kafka::kControllerPath);
  if (reading.nodes.contains(controller_path)) {
    const auto controller = kafka::DecodeController(DataOf(reading.nodes, controller_path));
    if (controller.ok()) {
      cluster->controller = controller->broker;
    } else {
      cluster->unreadable.push_back(
          absl::StrCat(controller_path, ": ", controller.status().message()));
    }
  }
  const std::string epoch_path(kafka::kControllerEpochPath);
  if (reading.nodes.contains(epoch_path)) {
    const auto epoch = kafka::DecodeControllerEpoch(DataOf(reading.nodes, epoch_path));
    if (epoch.ok()) {
      cluster->controller_epoch = *epoch;
    } else {
      cluster->unreadable.push_back(absl::StrCat(epoch_path, ": ", epoch.status().message()));
    }
  }
}

Cluster Parse(const Reading& reading) {
  Cluster cluster;
  for (const auto& [path, node] : reading.nodes) {
    cluster.zxid = std::max({cluster.zxid, node.stat.mzxid, node.stat.pzxid});
  }
  ParseBrokers(reading, &cluster);
  ParseController(reading, &cluster);
  cluster.configured_topics = reading.children.at(std::string(kTopicConfigsPath));
  cluster.deleted_topics = reading.children.at(std::string(kafka::kDeleteTopicsPath));
  for (const std::string& name : reading.children.at(std::string(kafka::kTopicsPath))) {
    auto topic = ParseTopic(name, reading.nodes);
    absl::Status status = topic.status();
    if (status.ok()) status = ParseStates(reading.nodes, &*topic);
    if (!status.ok()) {
      cluster.unreadable.emplace_back(status.message());
      continue;
    }
    topic->marked_for_deletion =
        std::find(cluster.deleted_topics.begin(), cluster.deleted_topics.end(), name) !=
        cluster.deleted_topics.end();
    cluster.topics.emplace(name, *std::move(topic));
  }
  return cluster;
}

}  // namespace

absl::StatusOr<Cluster> ReadCluster(client::BlockingClient& client) {
  ROOKERY_ASSIGN_OR_RETURN(Reading last, ReadOnce(client));
  for (int i = 1; i < kReadingsMax; ++i) {
    ROOKERY_ASSIGN_OR_RETURN(Reading next, ReadOnce(client));
    if (next == last) return Parse(next);
    last = std::move(next);
  }
  return absl::AbortedError(absl::StrCat("the metadata changed during each of ", kReadingsMax,
                                         " readings: try again when it rests"));
}

absl::StatusOr<Cluster> ReadCluster(const GlobalOptions& global) {
  if (global.protocol == "grpc") {
    ROOKERY_ASSIGN_OR_RETURN(
        const client::ConnectString servers,
        client::ParseConnectString(global.servers, client::DefaultPort(client::Protocol::kGrpc)));
    TypedRead read{
        .servers = servers.servers, .root = servers.chroot, .timeout_ms = global.timeout_ms};
    if (!global.login.empty()) read.auth = absl::StrCat("sasl ", global.login);
    absl::StatusOr<Cluster> cluster = ReadTypedCluster(read);
    // A server of an older version does not know the call.
    if (!absl::IsUnimplemented(cluster.status())) return cluster;
  }
  ROOKERY_ASSIGN_OR_RETURN(const auto client, Open(global));
  return ReadCluster(*client);
}

int32_t MinInsyncReplicas(const Topic& topic) {
  const auto own = topic.config.find("min.insync.replicas");
  int32_t number = 1;
  if (own == topic.config.end() || !absl::SimpleAtoi(own->second, &number)) return 1;
  return number;
}

}  // namespace rookery::tools::metadata
