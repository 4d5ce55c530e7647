#include "coordinator/frontend/metadata/reads.h"

#include <vector>

#include "coordinator/base/status_macros.h"
#include "coordinator/frontend/metadata/convert.h"
#include "coordinator/kafka/cluster_reader.h"
#include "coordinator/kafka/paths.h"

namespace rookery::frontend {
namespace {

using Type = kafka::ConfigEntity::Type;

// What every answer but that of ListTopics ends with.
template <typename Response>
absl::Status Finish(kafka::ClusterReader& cluster, const PresentNodes& nodes, Response* response) {
  ToProto(cluster.TakeUnreadable(), response->mutable_unreadable());
  response->set_withheld(cluster.withheld());
  return nodes.status();
}

}  // namespace

absl::Status Answer(const v1::ListBrokersRequest&, const std::string& root, PresentNodes& nodes,
                    v1::ListBrokersResponse* response) {
  kafka::ClusterReader cluster(root, &nodes);
  for (const int32_t id : cluster.BrokerIds()) {
    const auto broker = cluster.Broker(id);
    if (broker.has_value()) ToProto(*broker, response->add_brokers());
  }
  ToProto(cluster.ReadController(), response->mutable_controller());
  return Finish(cluster, nodes, response);
}

absl::Status Answer(const v1::ListTopicsRequest&, const std::string& root, PresentNodes& nodes,
                    v1::ListTopicsResponse* response) {
  kafka::ClusterReader cluster(root, &nodes);
  for (std::string& name : cluster.TopicNames()) response->add_names(std::move(name));
  response->set_withheld(cluster.withheld());
  return nodes.status();
}

absl::Status Answer(const v1::DescribeTopicsRequest& request, const std::string& root,
                    PresentNodes& nodes, v1::DescribeTopicsResponse* response) {
  if (request.names().empty()) {
    return absl::InvalidArgumentError(
        "expected the name of at least one topic: ListTopics has them all");
  }
  kafka::ClusterReader cluster(root, &nodes);
  for (const std::string& name : request.names()) {
    const auto topic = kafka::IsLegalTopicName(name) ? cluster.Topic(name) : std::nullopt;
    if (topic.has_value()) {
      ToProto(*topic, response->add_topics());
    } else {
      response->add_missing(name);
    }
  }
  return Finish(cluster, nodes, response);
}

absl::Status Answer(const v1::ListConfigsRequest& request, const std::string& root,
                    PresentNodes& nodes, v1::ListConfigsResponse* response) {
  const bool all = request.type() != v1::CONFIG_ENTITY_TYPE_UNSPECIFIED;
  if (all == request.has_entity()) {
    return absl::InvalidArgumentError("expected either a type of entities, or one entity");
  }
  kafka::ClusterReader cluster(root, &nodes);
  std::vector<kafka::ConfigEntity> entities;
  if (all) {
    ROOKERY_ASSIGN_OR_RETURN(const Type type, FromProto(request.type()));
    entities = cluster.Entities(type);
  } else {
    ROOKERY_ASSIGN_OR_RETURN(entities.emplace_back(), FromProto(request.entity()));
  }
  for (const kafka::ConfigEntity& entity : entities) {
    const auto config = cluster.Config(entity);
    if (config.has_value()) ToProto(*config, response->add_configs());
  }
  return Finish(cluster, nodes, response);
}

absl::Status Answer(const v1::ListQuotasRequest&, const std::string& root, PresentNodes& nodes,
                    v1::ListQuotasResponse* response) {
  kafka::ClusterReader cluster(root, &nodes);
  for (const Type type : {Type::kUser, Type::kClient, Type::kIp}) {
    for (const kafka::ConfigEntity& entity : cluster.Entities(type)) {
      const auto config = cluster.Config(entity);
      if (!config.has_value()) continue;
      if (!ToProto(*config, response->add_quotas())) response->mutable_quotas()->RemoveLast();
    }
  }
  return Finish(cluster, nodes, response);
}

absl::Status Answer(const v1::ListAclsRequest&, const std::string& root, PresentNodes& nodes,
                    v1::ListAclsResponse* response) {
  kafka::ClusterReader cluster(root, &nodes);
  for (const kafka::ResourcePattern& resource : cluster.AclResources()) {
    const auto acls = cluster.Acls(resource);
    if (acls.has_value()) ToProto(*acls, response->add_acls());
  }
  return Finish(cluster, nodes, response);
}

}  // namespace rookery::frontend
