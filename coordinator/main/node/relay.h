// Consensus's news: handed on to the service, and looked at by the node. Private to node/.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "coordinator/base/plant.h"
#include "coordinator/consensus/members.h"
#include "coordinator/main/node/node.h"
#include "coordinator/main/node/rescan.h"

namespace rookery {

class Node::Relay final : public consensus::Listener {
 public:
  // Of a plant alone: the configuration as handed out last, not as applied.
  static constexpr char kNewestConfiguration[] = "configuration";

  explicit Relay(Node* node) : node_(node) {}

  void OnItems(std::vector<consensus::Item> items) override {
    if (ROOKERY_PLANTED(kNewerConfiguration)) KeepConfiguration(items);
    node_->service_->OnItems(std::move(items));
  }
  void OnStatus(const consensus::Status& status) override {
    node_->service_->OnStatus(status);
    if (node_->events_.on_state) node_->events_.on_state();
  }
  void OnPeerMessage(consensus::EngineId from, absl::string_view bytes) override {
    node_->service_->OnPeerMessage(from, bytes);
  }
  void OnPeerConnected(consensus::EngineId peer, bool connected) override {
    node_->service_->OnPeerConnected(peer, connected);
  }
  void OnInstall(consensus::Manifest manifest, std::string directory,
                 absl::AnyInvocable<void(absl::Status)> done) override {
    node_->service_->OnInstall(std::move(manifest), std::move(directory), std::move(done));
  }
  void OnCheckpointWanted() override { node_->service_->OnCheckpointWanted(); }
  void OnCheckpointUnusable(const std::string& name) override {
    node_->service_->OnCheckpointUnusable(name);
    // Its files are the state's own, by hard links.
    if (node_->rescan_ != nullptr) node_->rescan_->Hurry();
  }

 private:
  void KeepConfiguration(const std::vector<consensus::Item>& items) {
    for (const consensus::Item& item : items) {
      if (item.kind != consensus::Item::Kind::kConfiguration) continue;
      (void)node_->edges_.files->WriteDurably(kNewestConfiguration,
                                              consensus::EncodeConfiguration(item.configuration));
    }
  }

  Node* const node_;
};

}  // namespace rookery
