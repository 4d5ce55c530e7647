#include "coordinator/frontend/metadata/view_pieces.h"

#include <utility>

#include "coordinator/frontend/metadata/convert.h"

namespace rookery::frontend {
namespace {

constexpr size_t kPieceBytes = 256u << 10;
using Type = kafka::ConfigEntity::Type;

// Takes from `names` until the piece is full, by the bytes that `add` says; true if none is left.
template <typename Name, typename Add>
bool Take(std::deque<Name>* names, const Add& add) {
  for (size_t bytes = 0; !names->empty() && bytes < kPieceBytes;) {
    bytes += add(names->front());
    names->pop_front();
  }
  return names->empty();
}

}  // namespace

ViewPieces::ViewPieces(const std::string& root, std::shared_ptr<store::NodeStore::View> view,
                       model::Credentials credentials)
    : root_(root), nodes_(std::move(view), std::move(credentials)), reader_(root, &nodes_) {}

absl::StatusOr<std::unique_ptr<v1::ClusterPart>> ViewPieces::Next() {
  if (stage_ == Stage::kEnd) return nullptr;
  auto part = std::make_unique<v1::ClusterPart>();
  switch (stage_) {
    case Stage::kBrokers:
      AddBrokers(part.get());
      break;
    case Stage::kTopics:
      AddTopics(part.get());
      break;
    case Stage::kOrphans:
      AddOrphans(part.get());
      break;
    case Stage::kConfigs:
      AddConfigs(part.get());
      break;
    case Stage::kAcls:
      AddAcls(part.get());
      break;
    case Stage::kEnd:
      break;
  }
  if (!nodes_.status().ok()) return nodes_.status();
  ToProto(reader_.TakeUnreadable(), part->mutable_unreadable());
  part->set_withheld(reader_.withheld());
  return part;
}

void ViewPieces::AddBrokers(v1::ClusterPart* part) {
  part->set_cluster_id(reader_.ClusterId());
  ToProto(reader_.ReadController(), part->mutable_controller());
  for (const int32_t id : reader_.BrokerIds()) {
    const auto broker = reader_.Broker(id);
    if (broker.has_value()) ToProto(*broker, part->add_brokers());
  }
  stage_ = Stage::kTopics;
}

void ViewPieces::AddTopics(v1::ClusterPart* part) {
  if (!std::exchange(listed_, true)) {
    for (std::string& name : reader_.TopicNames()) topics_.push_back(std::move(name));
  }
  const bool all = Take(&topics_, [&](const std::string& name) -> size_t {
    const auto topic = reader_.Topic(name);
    if (!topic.has_value()) return 0;
    ToProto(*topic, part->add_topics());
    told_topics_.insert(name);
    return part->topics().rbegin()->ByteSizeLong();
  });
  if (!all) return;
  stage_ = Stage::kOrphans;
  listed_ = false;
}

void ViewPieces::AddOrphans(v1::ClusterPart* part) {
  for (const kafka::ConfigEntity& entity : reader_.Entities(Type::kTopic)) {
    const std::string& topic = entity.parts.front().name;
    if (!told_topics_.contains(topic)) part->add_orphaned_configs(topic);
  }
  for (const std::string& topic : reader_.TopicsMarkedForDeletion()) {
    if (!told_topics_.contains(topic)) part->add_orphaned_deletions(topic);
  }
  told_topics_.clear();
  stage_ = Stage::kConfigs;
}

void ViewPieces::AddConfigs(v1::ClusterPart* part) {
  if (!std::exchange(listed_, true)) {
    for (const Type type : {Type::kClient, Type::kUser, Type::kBroker, Type::kIp}) {
      for (kafka::ConfigEntity& entity : reader_.Entities(type)) {
        entities_.push_back(std::move(entity));
      }
    }
  }
  const bool all = Take(&entities_, [&](const kafka::ConfigEntity& entity) -> size_t {
    const auto config = reader_.Config(entity);
    if (!config.has_value()) return 0;
    ToProto(*config, part->add_configs());
    if (!ToProto(*config, part->add_quotas())) part->mutable_quotas()->RemoveLast();
    return 2 * part->configs().rbegin()->ByteSizeLong();
  });
  if (!all) return;
  stage_ = Stage::kAcls;
  listed_ = false;
}

void ViewPieces::AddAcls(v1::ClusterPart* part) {
  if (!std::exchange(listed_, true)) {
    for (kafka::ResourcePattern& resource : reader_.AclResources()) {
      resources_.push_back(std::move(resource));
    }
  }
  const bool all = Take(&resources_, [&](const kafka::ResourcePattern& resource) -> size_t {
    const auto acls = reader_.Acls(resource);
    if (!acls.has_value()) return 0;
    ToProto(*acls, part->add_acls());
    return part->acls().rbegin()->ByteSizeLong();
  });
  if (all) stage_ = Stage::kEnd;
}

}  // namespace rookery::frontend
