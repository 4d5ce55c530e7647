#include "coordinator/kafka/metadata_event.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/kafka/layout.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/topic_events.h"

namespace rookery::kafka {
namespace {

using model::NodeChange;
using model::NodeState;

std::string DataOf(const NodeState& node) { return node.data.value_or(""); }

// What a node said, and says. A node that was unreadable before was no news then.
template <typename Decode>
auto Decoded(const std::optional<NodeState>& node, Decode decode)
    -> std::optional<typename decltype(decode(""))::value_type> {
  if (!node.has_value()) return std::nullopt;
  auto value = decode(DataOf(*node));
  if (!value.ok()) return std::nullopt;
  return *std::move(value);
}

// One node's change at a time; `change` has either no before, no after, or is of one node that
// lived on.
class Teller {
 public:
  Teller(absl::string_view root, const NodeChange& change, std::optional<int32_t> controller_epoch,
         std::vector<MetadataEvent>* events)
      : root_(root), change_(change), controller_epoch_(controller_epoch), events_(*events) {}

  void operator()(const NoMeaning&) {}
  void operator()(const ControllerEpochNode&) {}  // told with the controller
  void operator()(const DeletionMarkNode& mark) {
    if (!change_.before.has_value()) events_.push_back(TopicDeletionRequested{mark.topic});
  }
  void operator()(const BrokerNode& node) {
    const auto before = Decoded(change_.before, DecodeBroker);
    const auto after = Read(DecodeBroker);
    if (before.has_value() && !after.has_value()) {
      events_.push_back(BrokerLost{node.broker, change_.before->czxid});
    } else if (after.has_value() && !before.has_value()) {
      events_.push_back(BrokerJoined{node.broker, change_.after->czxid, *after});
    } else if (after.has_value() && *before != *after) {
      events_.push_back(BrokerChanged{node.broker, change_.after->czxid, *after});
    }
  }
  void operator()(const ControllerNode&) {
    const auto before = Decoded(change_.before, DecodeController);
    const auto after = Read(DecodeController);
    ControllerChanged event;
    if (before.has_value()) event.previous = before->broker;
    event.controller = after;
    if (before.has_value() == after.has_value() &&
        (!after.has_value() || before->broker == after->broker)) {
      return;
    }
    event.epoch = controller_epoch_;
    events_.push_back(event);
  }
  void operator()(const TopicNode& node) {
    const auto before = Decoded(change_.before, DecodeTopic);
    const auto after = Read(DecodeTopic);
    TellTopic(node.topic, before, after, &events_);
  }
  void operator()(const PartitionStateNode& node) {
    const auto after = Read(DecodePartitionState);
    if (!after.has_value()) return;  // goes with its topic
    TellPartition(node.topic, node.partition, Decoded(change_.before, DecodePartitionState), *after,
                  change_.after->version, &events_);
  }
  void operator()(const ConfigNode& node) {
    const auto config = [](const std::optional<NodeState>& state) {
      return state.has_value() ? DecodeConfig(DataOf(*state)) : ConfigMap();
    };
    TellConfig(node.entity, config(change_.before), config(change_.after));
  }
  void operator()(const AclNode& node) {
    const AclEntries before = Decoded(change_.before, DecodeAcls).value_or(AclEntries());
    const AclEntries after = Read(DecodeAcls).value_or(AclEntries());
    AclChanged event{.resource = node.resource};
    for (const AclEntry& entry : after) {
      if (!before.contains(entry)) event.added.insert(entry);
    }
    for (const AclEntry& entry : before) {
      if (!after.contains(entry)) event.removed.insert(entry);
    }
    if (!event.added.empty() || !event.removed.empty()) events_.push_back(std::move(event));
  }

 private:
  // What the node says now; tells if that makes no sense. A registration is made with null data and
  // filled by the same request; null data alone says nothing yet.
  template <typename Decode>
  auto Read(Decode decode) -> std::optional<typename decltype(decode(""))::value_type> {
    if (!change_.after.has_value() || !change_.after->data.has_value()) return std::nullopt;
    auto value = decode(*change_.after->data);
    if (value.ok()) return *std::move(value);
    events_.push_back(NodeUnreadable{std::string(WithinRoot(root_, change_.path)),
                                     std::string(value.status().message())});
    return std::nullopt;
  }

  void TellConfig(const ConfigEntity& entity, const ConfigMap& before, const ConfigMap& after) {
    const bool quotas = MayHoldQuotas(entity);
    ConfigChanged config{.entity = entity};
    for (const auto& [key, value] : after) {
      const auto old = before.find(key);
      if (quotas && IsQuotaKey(key)) continue;
      if (old == before.end() || old->second != value) config.set[key] = value;
    }
    for (const auto& [key, value] : before) {
      if (quotas && IsQuotaKey(key)) continue;
      if (!after.contains(key)) config.removed.push_back(key);
    }
    if (!config.set.empty() || !config.removed.empty()) events_.push_back(std::move(config));
    if (!quotas) return;
    const std::map<std::string, double> old_quotas = QuotasOf(before);
    QuotaChanged quota{.entity = entity, .set = QuotasOf(after)};
    for (const auto& [key, limit] : old_quotas) {
      const auto now = quota.set.find(key);
      if (now == quota.set.end()) {
        quota.removed.push_back(key);
      } else if (now->second == limit) {
        quota.set.erase(now);
      }
    }
    if (!quota.set.empty() || !quota.removed.empty()) events_.push_back(std::move(quota));
  }

  const absl::string_view root_;
  const NodeChange& change_;
  const std::optional<int32_t> controller_epoch_;
  std::vector<MetadataEvent>& events_;
};

}  // namespace

std::vector<MetadataEvent> EventsOf(absl::string_view root, absl::Span<const NodeChange> changes,
                                    MayRead may_read) {
  std::vector<MetadataEvent> events;
  std::optional<int32_t> controller_epoch;
  for (const NodeChange& change : changes) {
    if (WithinRoot(root, change.path) != kControllerEpochPath || !change.after.has_value())
      continue;
    if (!may_read(*change.after->acl)) continue;
    controller_epoch = Decoded(change.after, DecodeControllerEpoch);
  }
  for (const NodeChange& change : changes) {
    const absl::string_view path = WithinRoot(root, change.path);
    if (path.empty()) continue;
    const Meaning meaning = MeaningOf(path);
    const auto tell = [&](const NodeChange& part) {
      const NodeState& shown = part.after.has_value() ? *part.after : *part.before;
      if (!may_read(*shown.acl)) return;
      std::visit(Teller(root, part, controller_epoch, &events), meaning);
    };
    if (change.before.has_value() && change.after.has_value() &&
        change.before->czxid != change.after->czxid) {
      tell({.path = change.path, .before = change.before});
      tell({.path = change.path, .after = change.after});
    } else {
      tell(change);
    }
  }
  return events;
}

bool IsQuotaKey(absl::string_view key) {
  return key == "producer_byte_rate" || key == "consumer_byte_rate" ||
         key == "request_percentage" || key == "controller_mutation_rate" ||
         key == "connection_creation_rate";
}

std::map<std::string, double> QuotasOf(const ConfigMap& config) {
  std::map<std::string, double> quotas;
  for (const auto& [key, value] : config) {
    double limit = 0;
    if (IsQuotaKey(key) && absl::SimpleAtod(value, &limit)) quotas[key] = limit;
  }
  return quotas;
}

bool MayHoldQuotas(const ConfigEntity& entity) {
  const ConfigEntity::Type type = entity.parts.front().type;
  return type != ConfigEntity::Type::kTopic && type != ConfigEntity::Type::kBroker;
}

}  // namespace rookery::kafka
