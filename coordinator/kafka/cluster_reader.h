// A cluster's metadata as values, read from nodes that all stand at one zxid. What the caller may
// not READ is left out, and what makes no sense is named beside the rest. Source:
// kafka-on-zookeeper 1.1 to 1.6.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/kafka/acl.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/metadata_event.h"
#include "coordinator/kafka/topic.h"
#include "coordinator/model/data.h"
#include "coordinator/model/ids.h"

namespace rookery::kafka {

// Where nodes come from: a frozen view of the tree, or the present one within one turn.
class NodeSource {
 public:
  enum class Access { kFound, kAbsent, kRefused };  // refused: the caller may not READ it
  struct Node {
    Access access = Access::kAbsent;
    model::Data data;
    model::Zxid czxid = 0;
    int32_t version = 0;
    int32_t children = 0;
  };
  struct Names {
    Access access = Access::kAbsent;
    std::vector<std::string> names;  // sorted
  };

  virtual ~NodeSource() = default;
  virtual Node Get(const std::string& path) = 0;
  virtual Names Children(const std::string& path) = 0;
};

struct BrokerView {
  int32_t id = 0;
  int64_t epoch = 0;  // czxid of the registration
  BrokerRegistration registration;
};
struct ControllerView {
  std::optional<Controller> controller;
  std::optional<int32_t> epoch;
};
struct TopicView {
  struct State {
    PartitionState state;
    int32_t version = 0;  // Kafka's partition epoch
  };
  std::string name;
  TopicAssignment assignment;
  std::map<int32_t, State> states;  // a partition that no controller has started has none
  ConfigMap config;
  bool marked_for_deletion = false;
};
struct EntityView {
  ConfigEntity entity;
  ConfigMap config;
};
struct AclView {
  ResourcePattern resource;
  AclEntries entries;
};

class ClusterReader {
 public:
  // `root` is "/" or the cluster's chroot; `source` outlives the reader.
  ClusterReader(std::string root, NodeSource* source) : root_(std::move(root)), source_(source) {}

  std::vector<int32_t> BrokerIds();
  std::optional<BrokerView> Broker(int32_t id);
  ControllerView ReadController();
  std::string ClusterId();  // empty: none yet
  std::vector<std::string> TopicNames();
  std::optional<TopicAssignment> Assignment(const std::string& topic);
  std::optional<TopicView> Topic(const std::string& name);
  std::vector<std::string> TopicsMarkedForDeletion();
  // The entities of one type that have a configuration; for users also pairs of user and client.
  std::vector<ConfigEntity> Entities(ConfigEntity::Type type);
  std::optional<EntityView> Config(const ConfigEntity& entity);
  std::vector<ResourcePattern> AclResources();
  std::optional<AclView> Acls(const ResourcePattern& resource);

  // Something was left out since the caller may not READ it.
  bool withheld() const { return withheld_; }
  // What was met and makes no sense; taken away by the call.
  std::vector<NodeUnreadable> TakeUnreadable() { return std::exchange(unreadable_, {}); }

 private:
  std::optional<NodeSource::Node> Get(absl::string_view path);
  std::vector<std::string> Children(absl::string_view path);
  // Null data says nothing yet; it reads as absent.
  template <typename Decode>
  auto Read(const std::optional<NodeSource::Node>& node, absl::string_view path, Decode decode)
      -> std::optional<typename decltype(decode(""))::value_type>;

  const std::string root_;
  NodeSource* const source_;
  bool withheld_ = false;
  std::vector<NodeUnreadable> unreadable_;
};

}  // namespace rookery::kafka
