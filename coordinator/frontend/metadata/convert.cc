#include "coordinator/frontend/metadata/convert.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"
#include "coordinator/model/text.h"

namespace rookery::frontend {
namespace {

using Type = kafka::ConfigEntity::Type;

v1::ConfigEntityType TypeOf(Type type) {
  switch (type) {
    case Type::kTopic:
      return v1::CONFIG_ENTITY_TYPE_TOPIC;
    case Type::kClient:
      return v1::CONFIG_ENTITY_TYPE_CLIENT;
    case Type::kUser:
      return v1::CONFIG_ENTITY_TYPE_USER;
    case Type::kBroker:
      return v1::CONFIG_ENTITY_TYPE_BROKER;
    case Type::kIp:
      return v1::CONFIG_ENTITY_TYPE_IP;
  }
  return v1::CONFIG_ENTITY_TYPE_UNSPECIFIED;
}

absl::StatusOr<kafka::ConfigEntity::Part> PartOf(const v1::ConfigEntityPart& part) {
  ROOKERY_ASSIGN_OR_RETURN(const Type type, FromProto(part.type()));
  if (part.is_default()) {
    if (type == Type::kTopic) {
      return absl::InvalidArgumentError("topics have no default: expected a topic's name");
    }
    if (!part.name().empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected either is_default or a name, found both, '", part.name(), "'"));
    }
    return kafka::ConfigEntity::Part{.type = type, .is_default = true};
  }
  if (part.name().empty()) {
    return absl::InvalidArgumentError("expected the entity's name, or is_default");
  }
  int32_t broker = 0;
  if (type == Type::kBroker && (!absl::SimpleAtoi(part.name(), &broker) || broker < 0 ||
                                absl::StrCat(broker) != part.name())) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a broker's number as its name, found '", part.name(), "'"));
  }
  if (type == Type::kTopic && !kafka::IsLegalTopicName(part.name())) {
    return absl::InvalidArgumentError(
        absl::StrCat("topic name '", part.name(),
                     "' is illegal: expected 1 to 249 characters of [a-zA-Z0-9._-]"));
  }
  return kafka::ConfigEntity::Part{.type = type, .name = part.name()};
}

// "CLIENT://host:9092"
void ToProto(absl::string_view endpoint, const kafka::BrokerRegistration& broker,
             v1::BrokerEndpoint* out) {
  const size_t slashes = endpoint.find("://");
  if (slashes != absl::string_view::npos) {
    out->set_listener(std::string(endpoint.substr(0, slashes)));
    endpoint.remove_prefix(slashes + 3);
  }
  const auto protocol = broker.listener_protocols.find(out->listener());
  if (protocol != broker.listener_protocols.end()) out->set_security_protocol(protocol->second);
  const size_t colon = endpoint.rfind(':');
  int32_t port = 0;
  if (colon != absl::string_view::npos && absl::SimpleAtoi(endpoint.substr(colon + 1), &port)) {
    out->set_port(port);
    endpoint = endpoint.substr(0, colon);
  }
  absl::ConsumePrefix(&endpoint, "[");
  absl::ConsumeSuffix(&endpoint, "]");
  out->set_host(std::string(endpoint));
}

// Reasons quote what they found, which may be any bytes; a message holds UTF-8.
std::string Quotable(std::string text) {
  if (model::IsUtf8(text)) return text;
  for (char& c : text) {
    if (c < 0x20 || c > 0x7e) c = '?';
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> RootOf(const std::string& root) {
  if (root.empty()) return std::string("/");
  if (model::IsValidPath(root)) return root;
  return absl::InvalidArgumentError(absl::StrCat(
      "expected the chroot of the cluster as root, as in '/kafka/east', or nothing; found '", root,
      "'"));
}

absl::StatusOr<Type> FromProto(v1::ConfigEntityType type) {
  switch (type) {
    case v1::CONFIG_ENTITY_TYPE_TOPIC:
      return Type::kTopic;
    case v1::CONFIG_ENTITY_TYPE_CLIENT:
      return Type::kClient;
    case v1::CONFIG_ENTITY_TYPE_USER:
      return Type::kUser;
    case v1::CONFIG_ENTITY_TYPE_BROKER:
      return Type::kBroker;
    case v1::CONFIG_ENTITY_TYPE_IP:
      return Type::kIp;
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("expected a type of entity from TOPIC to IP, found ", type));
  }
}

absl::StatusOr<kafka::ConfigEntity> FromProto(const v1::ConfigEntity& entity) {
  kafka::ConfigEntity out;
  for (const v1::ConfigEntityPart& part : entity.parts()) {
    ROOKERY_ASSIGN_OR_RETURN(out.parts.emplace_back(), PartOf(part));
  }
  const bool pair = out.parts.size() == 2 && out.parts[0].type == Type::kUser &&
                    out.parts[1].type == Type::kClient;
  if (out.parts.size() == 1 || pair) return out;
  return absl::InvalidArgumentError(
      absl::StrCat("expected one part of an entity, or a user and then a client; found ",
                   out.parts.size(), " parts"));
}

absl::StatusOr<kafka::ResourcePattern> FromProto(const v1::AclResource& resource) {
  kafka::ResourcePattern out{.name = resource.name()};
  const int type = static_cast<int>(resource.type()) - v1::ACL_RESOURCE_TYPE_TOPIC;
  if (type < 0 || type >= static_cast<int>(kafka::kResourceTypes.size())) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a type of resource from TOPIC to USER, found ", resource.type()));
  }
  out.type = kafka::kResourceTypes[type];
  switch (resource.pattern_type()) {
    case v1::ACL_PATTERN_TYPE_UNSPECIFIED:
    case v1::ACL_PATTERN_TYPE_LITERAL:
      return out;
    case v1::ACL_PATTERN_TYPE_PREFIXED:
      out.pattern = kafka::PatternType::kPrefixed;
      return out;
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          "expected LITERAL or PREFIXED as pattern_type, found ", resource.pattern_type()));
  }
}

absl::StatusOr<kafka::AclEntries> FromProto(
    const google::protobuf::RepeatedPtrField<v1::AclRule>& rules) {
  constexpr int kLast = static_cast<int>(kafka::AclOperation::kDescribeTokens);
  kafka::AclEntries entries;
  for (const v1::AclRule& rule : rules) {
    const int operation = static_cast<int>(rule.operation()) - v1::ACL_OPERATION_ALL;
    if (operation < 0 || operation > kLast) {
      return absl::InvalidArgumentError(absl::StrCat(
          "expected an operation from ALL to DESCRIBE_TOKENS, found ", rule.operation()));
    }
    entries.insert({.principal = rule.principal(),
                    .host = rule.host().empty() ? std::string(kafka::kAnyHost) : rule.host(),
                    .operation = static_cast<kafka::AclOperation>(operation),
                    .allow = !rule.deny()});
  }
  return entries;
}

void ToProto(const kafka::BrokerView& broker, v1::Broker* out) {
  const kafka::BrokerRegistration& from = broker.registration;
  out->set_id(broker.id);
  out->set_epoch(broker.epoch);
  for (const std::string& endpoint : from.endpoints) ToProto(endpoint, from, out->add_endpoints());
  if (from.endpoints.empty() && !from.host.empty()) {
    v1::BrokerEndpoint* endpoint = out->add_endpoints();
    endpoint->set_host(from.host);
    endpoint->set_port(from.port);
  }
  if (from.rack.has_value()) out->set_rack(*from.rack);
  out->set_jmx_port(from.jmx_port);
  out->set_timestamp_ms(from.timestamp_ms);
}

void ToProto(const kafka::ControllerView& controller, v1::Controller* out) {
  if (controller.controller.has_value()) {
    out->set_broker_id(controller.controller->broker);
    out->set_timestamp_ms(controller.controller->timestamp_ms);
  }
  if (controller.epoch.has_value()) out->set_epoch(*controller.epoch);
}

void ToProto(const kafka::TopicView& topic, v1::Topic* out) {
  const auto add = [](const std::map<int32_t, kafka::Replicas>& from, int32_t partition,
                      google::protobuf::RepeatedField<int32_t>* to) {
    const auto at = from.find(partition);
    if (at != from.end()) to->Assign(at->second.begin(), at->second.end());
  };
  out->set_name(topic.name);
  out->set_topic_id(topic.assignment.topic_id);
  for (const auto& [number, replicas] : topic.assignment.partitions) {
    v1::Partition* partition = out->add_partitions();
    partition->set_partition(number);
    partition->mutable_replicas()->Assign(replicas.begin(), replicas.end());
    add(topic.assignment.adding, number, partition->mutable_adding_replicas());
    add(topic.assignment.removing, number, partition->mutable_removing_replicas());
    const auto state = topic.states.find(number);
    if (state == topic.states.end()) continue;
    ToProto(state->second.state, state->second.version, partition->mutable_state());
  }
  out->mutable_configs()->insert(topic.config.begin(), topic.config.end());
  out->set_marked_for_deletion(topic.marked_for_deletion);
}

void ToProto(const kafka::ConfigEntity& entity, v1::ConfigEntity* out) {
  for (const kafka::ConfigEntity::Part& part : entity.parts) {
    v1::ConfigEntityPart* one = out->add_parts();
    one->set_type(TypeOf(part.type));
    one->set_name(part.name);
    one->set_is_default(part.is_default);
  }
}

void ToProto(const kafka::EntityView& config, v1::EntityConfig* out) {
  ToProto(config.entity, out->mutable_entity());
  out->mutable_configs()->insert(config.config.begin(), config.config.end());
}

bool ToProto(const kafka::EntityView& config, v1::EntityQuota* out) {
  const std::map<std::string, double> quotas = kafka::QuotasOf(config.config);
  if (quotas.empty() || !kafka::MayHoldQuotas(config.entity)) return false;
  ToProto(config.entity, out->mutable_entity());
  out->mutable_limits()->insert(quotas.begin(), quotas.end());
  return true;
}

void ToProto(const kafka::ResourcePattern& resource, v1::AclResource* out) {
  out->set_type(static_cast<v1::AclResourceType>(static_cast<int>(resource.type) +
                                                 v1::ACL_RESOURCE_TYPE_TOPIC));
  out->set_name(resource.name);
  out->set_pattern_type(resource.pattern == kafka::PatternType::kLiteral
                            ? v1::ACL_PATTERN_TYPE_LITERAL
                            : v1::ACL_PATTERN_TYPE_PREFIXED);
}

void ToProto(const kafka::AclEntries& entries,
             google::protobuf::RepeatedPtrField<v1::AclRule>* out) {
  for (const kafka::AclEntry& entry : entries) {
    v1::AclRule* rule = out->Add();
    rule->set_principal(entry.principal);
    rule->set_host(entry.host);
    rule->set_operation(
        static_cast<v1::AclOperation>(static_cast<int>(entry.operation) + v1::ACL_OPERATION_ALL));
    rule->set_deny(!entry.allow);
  }
}

void ToProto(const kafka::AclView& acls, v1::ResourceAcls* out) {
  ToProto(acls.resource, out->mutable_resource());
  ToProto(acls.entries, out->mutable_rules());
}

void ToProto(const kafka::NodeUnreadable& node, v1::UnreadableNode* out) {
  out->set_path(node.path);
  out->set_reason(Quotable(node.reason));
}

void ToProto(const std::vector<kafka::NodeUnreadable>& nodes,
             google::protobuf::RepeatedPtrField<v1::UnreadableNode>* out) {
  for (const kafka::NodeUnreadable& node : nodes) ToProto(node, out->Add());
}

}  // namespace rookery::frontend
