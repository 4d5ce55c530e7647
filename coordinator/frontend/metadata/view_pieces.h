// A whole cluster as a row of messages, each of bounded size, from one frozen view. It blocks:
// background executors only, one call at a time.
#pragma once

#include <deque>
#include <memory>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/frontend/metadata/node_sources.h"
#include "coordinator/kafka/cluster_reader.h"
#include "rookery/v1/metadata.pb.h"

namespace rookery::frontend {

class ViewPieces {
 public:
  ViewPieces(const std::string& root, std::shared_ptr<store::NodeStore::View> view,
             model::Credentials credentials);

  // NotFound if nothing of a cluster is there. Before the first Next, or not at all.
  absl::Status Check() { return CheckCluster(root_, nodes_); }

  // The next piece: about 256 KiB, or one topic if that is more. nullptr: that was all.
  absl::StatusOr<std::unique_ptr<v1::ClusterPart>> Next();

 private:
  enum class Stage { kBrokers, kTopics, kOrphans, kConfigs, kAcls, kEnd };

  void AddBrokers(v1::ClusterPart* part);
  void AddTopics(v1::ClusterPart* part);
  void AddOrphans(v1::ClusterPart* part);
  void AddConfigs(v1::ClusterPart* part);
  void AddAcls(v1::ClusterPart* part);

  const std::string root_;
  FrozenNodes nodes_;
  kafka::ClusterReader reader_;
  Stage stage_ = Stage::kBrokers;
  // What is left of a stage, from its beginning on; names alone.
  bool listed_ = false;
  std::deque<std::string> topics_;
  std::set<std::string> told_topics_;
  std::deque<kafka::ConfigEntity> entities_;
  std::deque<kafka::ResourcePattern> resources_;
};

}  // namespace rookery::frontend
