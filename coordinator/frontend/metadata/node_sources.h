// Where the nodes of answers come from, under the caller's rights: the present tree within one
// turn, or a frozen view.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "coordinator/kafka/cluster_reader.h"
#include "coordinator/kafka/plan.h"
#include "coordinator/service/service.h"

namespace rookery::frontend {

// Nodes of one call that is answered within one turn: more would hold the core up.
inline constexpr size_t kNodesOfOneCallMax = 5000;

// The present tree. After `nodes_max` nodes everything reads as absent, and status() says so.
class PresentNodes final : public kafka::NodeSource {
 public:
  PresentNodes(service::Service::Reads* reads, size_t nodes_max)
      : reads_(reads), nodes_max_(nodes_max) {}

  Node Get(const std::string& path) override;
  Names Children(const std::string& path) override;

  // ResourceExhausted: too many nodes were asked for; otherwise what the server answered but could
  // not have.
  const absl::Status& status() const { return status_; }
  // The first node that the caller may not READ; empty: none.
  const std::string& refused() const { return refused_; }
  // The nodes of `paths`, which are relative to `root`, that exist, by the paths as given.
  kafka::TreeView View(const std::string& root, const std::vector<std::string>& paths);

 private:
  // False: the limit is reached.
  bool Count();
  Access AccessOf(const model::Reply& reply, const std::string& path);

  service::Service::Reads* const reads_;
  const size_t nodes_max_;
  size_t nodes_ = 0;
  absl::Status status_;
  std::string refused_;
};

// A frozen view. It blocks: background executors only.
class FrozenNodes final : public kafka::NodeSource {
 public:
  FrozenNodes(std::shared_ptr<store::NodeStore::View> view, model::Credentials credentials)
      : view_(std::move(view)), credentials_(std::move(credentials)) {}

  Node Get(const std::string& path) override;
  Names Children(const std::string& path) override;

  // What the disk said, if it failed.
  const absl::Status& status() const { return status_; }

 private:
  const std::shared_ptr<store::NodeStore::View> view_;
  const model::Credentials credentials_;
  absl::Status status_;
};

// NotFound, with what to do, if nothing of a cluster is at `root`.
absl::Status CheckCluster(const std::string& root, kafka::NodeSource& nodes);

}  // namespace rookery::frontend
