#include "tools/rookery/events/text.h"

#include <array>
#include <charconv>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "coordinator/client/metadata/metadata_values.h"

namespace rookery::tools::events {
namespace {

using client::NameOf;

std::string List(const google::protobuf::RepeatedField<int32_t>& numbers) {
  return absl::StrCat("[", absl::StrJoin(numbers, ","), "]");
}

std::string BrokerText(const v1::Broker& broker) {
  std::string text = absl::StrCat(broker.id());
  for (const v1::BrokerEndpoint& endpoint : broker.endpoints()) {
    absl::StrAppend(&text, " ", endpoint.listener(), "://", endpoint.host(), ":", endpoint.port());
  }
  if (broker.has_rack()) absl::StrAppend(&text, " rack ", broker.rack());
  return absl::StrCat(text, " epoch ", broker.epoch());
}

std::string ControllerText(const v1::Controller& controller) {
  std::string text = controller.has_broker_id() ? absl::StrCat(controller.broker_id()) : "none";
  if (controller.has_epoch()) absl::StrAppend(&text, " epoch ", controller.epoch());
  return text;
}

std::string StateText(const v1::PartitionState& state) {
  return absl::StrCat("leader ", state.leader() < 0 ? "none" : absl::StrCat(state.leader()),
                      " leader epoch ", state.leader_epoch(), " isr ", List(state.isr()));
}

const std::string& TextOf(const std::string& value) { return value; }
// As many digits as it needs.
std::string TextOf(double number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  return std::string(text.data(), end.ptr);
}

// Sorted, since a map of protobuf has no order.
template <typename Value>
std::string ChangesText(const google::protobuf::Map<std::string, Value>& set,
                        const google::protobuf::RepeatedPtrField<std::string>& removed) {
  std::string text;
  for (const auto& [key, value] : std::map<std::string, Value>(set.begin(), set.end())) {
    absl::StrAppend(&text, " ", key, "=", TextOf(value));
  }
  for (const std::string& key : removed) absl::StrAppend(&text, " -", key);
  return text;
}

std::string RuleText(const v1::AclRule& rule) {
  const absl::string_view operation =
      absl::StripPrefix(v1::AclOperation_Name(rule.operation()), "ACL_OPERATION_");
  return absl::StrCat(rule.deny() ? "deny " : "allow ", rule.principal(), " ",
                      absl::AsciiStrToLower(operation), " from ", rule.host());
}

std::string ResourceText(const v1::AclResource& resource) {
  const absl::string_view type =
      absl::StripPrefix(v1::AclResourceType_Name(resource.type()), "ACL_RESOURCE_TYPE_");
  const bool prefixed = resource.pattern_type() == v1::ACL_PATTERN_TYPE_PREFIXED;
  return absl::StrCat(absl::AsciiStrToLower(type), " ", resource.name(), prefixed ? "..." : "");
}

std::string AclText(const v1::AclChanged& event) {
  std::vector<std::string> rules;
  for (const v1::AclRule& rule : event.added()) rules.push_back("+ " + RuleText(rule));
  for (const v1::AclRule& rule : event.removed()) rules.push_back("- " + RuleText(rule));
  return absl::StrCat("acl changed: ", ResourceText(event.resource()), " ",
                      absl::StrJoin(rules, ", "));
}

std::string EventText(const v1::MetadataEvent& event) {
  using Kind = v1::MetadataEvent;
  const auto partition = [](const std::string& topic, const v1::Partition& one) {
    return absl::StrCat(topic, "-", one.partition(), " replicas ", List(one.replicas()));
  };
  switch (event.kind_case()) {
    case Kind::kBrokerJoined:
      return absl::StrCat("broker joined: ", BrokerText(event.broker_joined().broker()));
    case Kind::kBrokerChanged:
      return absl::StrCat("broker changed: ", BrokerText(event.broker_changed().broker()));
    case Kind::kBrokerLost:
      return absl::StrCat("broker lost: ", event.broker_lost().id(), " epoch ",
                          event.broker_lost().epoch());
    case Kind::kControllerChanged: {
      const v1::ControllerChanged& change = event.controller_changed();
      return absl::StrCat("controller changed: ", ControllerText(change.controller()), " before ",
                          change.has_previous() ? absl::StrCat(change.previous()) : "none");
    }
    case Kind::kTopicCreated:
      return absl::StrCat("topic created: ", event.topic_created().topic().name(), " partitions ",
                          event.topic_created().topic().partitions_size());
    case Kind::kTopicDeleted:
      return absl::StrCat("topic deleted: ", event.topic_deleted().name());
    case Kind::kTopicDeletionRequested:
      return absl::StrCat("topic deletion requested: ", event.topic_deletion_requested().name());
    case Kind::kPartitionsAdded:
      return absl::StrCat("partitions added: ", event.partitions_added().topic(), " ",
                          event.partitions_added().partitions_size());
    case Kind::kLeaderChanged:
      return absl::StrCat("leader changed: ", event.leader_changed().topic(), "-",
                          event.leader_changed().partition(), " ",
                          StateText(event.leader_changed().state()));
    case Kind::kIsrChanged:
      return absl::StrCat(
          "isr changed: ", event.isr_changed().topic(), "-", event.isr_changed().partition(), " ",
          StateText(event.isr_changed().state()), " out ", List(event.isr_changed().removed()),
          " in ", List(event.isr_changed().added()));
    case Kind::kReassignmentStarted: {
      const v1::Partition& one = event.reassignment_started().partition();
      return absl::StrCat(
          "reassignment started: ", partition(event.reassignment_started().topic(), one),
          " adding ", List(one.adding_replicas()), " removing ", List(one.removing_replicas()));
    }
    case Kind::kReassignmentEnded:
      return absl::StrCat(
          "reassignment ended: ",
          partition(event.reassignment_ended().topic(), event.reassignment_ended().partition()));
    case Kind::kReplicasChanged:
      return absl::StrCat(
          "replicas changed: ",
          partition(event.replicas_changed().topic(), event.replicas_changed().partition()),
          " before ", List(event.replicas_changed().previous_replicas()));
    case Kind::kConfigChanged:
      return absl::StrCat(
          "config changed: ", NameOf(event.config_changed().entity()),
          ChangesText(event.config_changed().set(), event.config_changed().removed()));
    case Kind::kQuotaChanged:
      return absl::StrCat(
          "quota changed: ", NameOf(event.quota_changed().entity()),
          ChangesText(event.quota_changed().set(), event.quota_changed().removed()));
    case Kind::kAclChanged:
      return AclText(event.acl_changed());
    case Kind::kNodeUnreadable:
      return absl::StrCat("node unreadable: ", event.node_unreadable().path(), ": ",
                          event.node_unreadable().reason());
    case Kind::KIND_NOT_SET:
      return "something that this rookery does not know: use a newer one";
  }
  return "";
}

std::string ReasonText(v1::ViewReason reason) {
  switch (reason) {
    case v1::VIEW_REASON_NOT_KEPT:
      return "the server does not keep what came after that zxid: events are missing here";
    case v1::VIEW_REASON_TOO_SLOW:
      return "these events were read too slowly: some are missing here";
    default:
      return "beginning";
  }
}

void AddPart(const v1::ClusterPart& part, std::vector<std::string>* lines) {
  if (!part.cluster_id().empty()) lines->push_back(absl::StrCat("cluster ", part.cluster_id()));
  if (part.has_controller()) {
    lines->push_back(absl::StrCat("controller ", ControllerText(part.controller())));
  }
  for (const v1::Broker& broker : part.brokers()) {
    lines->push_back(absl::StrCat("broker ", BrokerText(broker)));
  }
  for (const v1::Topic& topic : part.topics()) {
    lines->push_back(absl::StrCat("topic ", topic.name(), " partitions ", topic.partitions_size(),
                                  ChangesText(topic.configs(), {}),
                                  topic.marked_for_deletion() ? " marked for deletion" : ""));
  }
  for (const v1::EntityConfig& config : part.configs()) {
    lines->push_back(
        absl::StrCat("config ", NameOf(config.entity()), ChangesText(config.configs(), {})));
  }
  for (const v1::ResourceAcls& acls : part.acls()) {
    for (const v1::AclRule& rule : acls.rules()) {
      lines->push_back(absl::StrCat("acl ", ResourceText(acls.resource()), " ", RuleText(rule)));
    }
  }
  for (const v1::UnreadableNode& node : part.unreadable()) {
    lines->push_back(absl::StrCat("node unreadable: ", node.path(), ": ", node.reason()));
  }
}

}  // namespace

std::vector<std::string> LinesOf(const v1::WatchMetadataResponse& response) {
  std::vector<std::string> lines;
  if (response.has_view_begin()) lines.push_back(ReasonText(response.view_begin().reason()));
  if (response.has_view_part()) AddPart(response.view_part(), &lines);
  if (response.content_case() == v1::WatchMetadataResponse::kViewComplete) {
    lines.push_back(absl::StrFormat("0x%x events from here on", response.zxid()));
  }
  for (const v1::MetadataChange& change : response.changes().changes()) {
    for (const v1::MetadataEvent& event : change.events()) {
      lines.push_back(absl::StrFormat("0x%x %s", change.zxid(), EventText(event)));
    }
  }
  return lines;
}

}  // namespace rookery::tools::events
