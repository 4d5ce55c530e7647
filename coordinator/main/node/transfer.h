// Checkpoints of this node: served to peers on the election port, fetched from them. Private to
// node/.
#pragma once

#include <memory>
#include <string>

#include "coordinator/main/node/node.h"

namespace rookery {

class Node::Transfer final : public consensus::CheckpointTransfer {
 public:
  explicit Transfer(Node* node) : node_(node) {}

  // AlreadyExists: the election port is in use.
  absl::Status Start();

  void Fetch(consensus::EngineId from, const consensus::Manifest& manifest,
             absl::AnyInvocable<void(absl::StatusOr<std::string> directory)> done) override;
  void Discard(const std::string& directory) override;
  void Installed(const std::string& directory) override;

 private:
  Node* const node_;
  std::unique_ptr<consensus::CheckpointSender> sender_;
  std::unique_ptr<consensus::CheckpointFetch> fetch_;
  uint64_t fetches_ = 0;
};

}  // namespace rookery
