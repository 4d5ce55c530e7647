#include "tools/rookery/metadata/typed_cluster.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/metadata/metadata_stub.h"
#include "coordinator/client/metadata/metadata_values.h"

namespace rookery::tools::metadata {
namespace {

using Clock = std::chrono::steady_clock;

// Between rounds over all servers, none of which answers.
constexpr std::chrono::milliseconds kPause{200};

Topic TopicOf(const v1::Topic& from) {
  Topic topic{.name = from.name()};
  topic.assignment.topic_id = from.topic_id();
  topic.config = {from.configs().begin(), from.configs().end()};
  topic.marked_for_deletion = from.marked_for_deletion();
  for (const v1::Partition& one : from.partitions()) {
    const int32_t number = one.partition();
    topic.assignment.partitions[number] = {one.replicas().begin(), one.replicas().end()};
    if (!one.adding_replicas().empty()) {
      topic.assignment.adding[number] = {one.adding_replicas().begin(),
                                         one.adding_replicas().end()};
    }
    if (!one.removing_replicas().empty()) {
      topic.assignment.removing[number] = {one.removing_replicas().begin(),
                                           one.removing_replicas().end()};
    }
    if (one.has_state()) topic.states[number] = client::StateOf(one.state());
  }
  return topic;
}

void Add(const v1::ClusterPart& part, Cluster* cluster) {
  for (const v1::Broker& broker : part.brokers()) {
    auto& rack = cluster->brokers[broker.id()];
    if (broker.has_rack()) rack = broker.rack();
  }
  if (part.controller().has_broker_id()) cluster->controller = part.controller().broker_id();
  if (part.controller().has_epoch()) cluster->controller_epoch = part.controller().epoch();
  for (const v1::Topic& topic : part.topics()) {
    if (!topic.configs().empty()) cluster->configured_topics.push_back(topic.name());
    if (topic.marked_for_deletion()) cluster->deleted_topics.push_back(topic.name());
    cluster->topics[topic.name()] = TopicOf(topic);
  }
  for (const std::string& name : part.orphaned_configs()) {
    cluster->configured_topics.push_back(name);
  }
  for (const std::string& name : part.orphaned_deletions()) {
    cluster->deleted_topics.push_back(name);
  }
  for (const v1::UnreadableNode& node : part.unreadable()) {
    cluster->unreadable.push_back(absl::StrCat(node.path(), ": ", node.reason()));
  }
}

absl::StatusOr<Cluster> ReadFrom(const Address& server, const TypedRead& read) {
  const auto stub = client::MetadataStub(server);
  grpc::ClientContext context;
  if (!read.auth.empty()) context.AddMetadata("rookery-auth", read.auth);
  v1::ReadClusterRequest request;
  request.set_root(read.root);
  const auto stream = stub->ReadCluster(&context, request);
  Cluster cluster;
  bool withheld = false;
  v1::ReadClusterResponse response;
  while (stream->Read(&response)) {
    cluster.zxid = response.zxid();
    withheld |= response.part().withheld();
    Add(response.part(), &cluster);
  }
  ROOKERY_RETURN_IF_ERROR(client::ToStatus(stream->Finish(), server));
  if (withheld) {
    return absl::PermissionDeniedError(
        "the ACLs of some nodes do not allow to read them: --login says who is asking");
  }
  std::sort(cluster.configured_topics.begin(), cluster.configured_topics.end());
  std::sort(cluster.deleted_topics.begin(), cluster.deleted_topics.end());
  return cluster;
}

}  // namespace

absl::StatusOr<Cluster> ReadTypedCluster(const TypedRead& read) {
  const Clock::time_point begun = Clock::now();
  for (size_t turn = 0;; ++turn) {
    absl::StatusOr<Cluster> cluster = ReadFrom(read.servers[turn % read.servers.size()], read);
    if (cluster.ok() || !client::MayAnotherServerMend(cluster.status())) return cluster;
    if (Clock::now() - begun > std::chrono::milliseconds(read.timeout_ms)) return cluster;
    if ((turn + 1) % read.servers.size() == 0) std::this_thread::sleep_for(kPause);
  }
}

}  // namespace rookery::tools::metadata
