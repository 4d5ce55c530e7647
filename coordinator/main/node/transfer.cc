#include "coordinator/main/node/transfer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"
#include "coordinator/main/node/received_check.h"

namespace rookery {

absl::Status Node::Transfer::Start() {
  const auto& lines = node_->options_.servers;
  consensus::CheckpointSenderOptions options;
  for (const consensus::ServerLine& line : lines) {
    if (line.number != node_->options_.server_number) continue;
    options.listen = {PeerHostToListen(node_->options_, line), line.election_port};
  }
  sender_ = std::make_unique<consensus::CheckpointSender>(
      node_->edges_.core, node_->edges_.transfer_thread, node_->edges_.network, node_->edges_.clock,
      node_->edges_.checkpoints, options);
  return sender_->Start(
      [this](const consensus::Hello& theirs) { return node_->hub_->Judge(theirs); },
      [this](consensus::EngineId receiver, const std::string& name, absl::Status outcome) {
        if (!outcome.ok()) {
          LogWarn("sending a checkpoint failed",
                  {{"to", receiver}, {"name", name}, {"why", outcome.message()}});
        }
        if (node_->consensus_ != nullptr) {
          node_->consensus_->OnCheckpointSent(receiver, name, outcome);
        }
      });
}

void Node::Transfer::Fetch(consensus::EngineId from, const consensus::Manifest& manifest,
                           absl::AnyInvocable<void(absl::StatusOr<std::string> directory)> done) {
  absl::StatusOr<Address> address = node_->hub_->ElectionAddress(from);
  if (!address.ok()) {
    node_->edges_.core->Post(
        [done = std::move(done), status = address.status()]() mutable { done(status); });
    return;
  }
  // A name of its own, so that no directory that is in use is ever replaced.
  const std::string local = absl::StrCat("received-", absl::Hex(node_->boot_id_), "-", ++fetches_);
  fetch_ = std::make_unique<consensus::CheckpointFetch>(
      node_->edges_.core, node_->edges_.transfer_thread, node_->edges_.network, node_->edges_.clock,
      node_->edges_.checkpoints,
      consensus::CheckpointFetch::Source{*std::move(address), node_->hub_->self(), manifest.name,
                                         [base = node_->base_, manifest](const std::string& path) {
                                           return CheckReceived(*base, path, manifest);
                                         }},
      local, std::move(done));
}

void Node::Transfer::Discard(const std::string& directory) {
  const std::string name = directory.substr(directory.rfind('/') + 1);
  node_->edges_.transfer_thread->Run([files = node_->edges_.checkpoints, name] {
    const absl::Status status = files->Remove(name);
    if (!status.ok())
      LogWarn("cannot remove a checkpoint", {{"name", name}, {"why", status.message()}});
  });
}

// The log names the new state: nobody needs the old one any more.
void Node::Transfer::Installed(const std::string&) {
  node_->edges_.transfer_thread->Run([base = node_->base_] {
    const absl::Status status = base->RemoveUnnamed();
    if (!status.ok()) LogWarn("cannot remove an old state", {{"why", status.message()}});
  });
}

}  // namespace rookery
