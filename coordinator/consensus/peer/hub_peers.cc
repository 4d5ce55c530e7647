// The hub's book of peers: who they are, whether they are connected, and what the listener hears.
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"
#include "coordinator/consensus/peer/hub.h"
#include "coordinator/consensus/peer/hub_peer.h"

namespace rookery::consensus {
namespace {

// The same trouble with a peer is logged again after this time.
constexpr int64_t kTroubleAgainUs = 10'000'000;

}  // namespace

PeerHub::Peer* PeerHub::Find(EngineId id) const {
  auto found = peers_.find(id);
  return found == peers_.end() ? nullptr : found->second.get();
}

PeerHub::Peer* PeerHub::Add(EngineId id, Address address) {
  auto& peer = peers_[id];
  peer = std::make_unique<Peer>();
  peer->id = id;
  peer->out = std::make_unique<OutgoingLink>(this, id, std::move(address));
  return peer.get();
}

void PeerHub::Remove(EngineId id, const std::string& reason) {
  auto found = peers_.find(id);
  Peer& peer = *found->second;
  peer.out->Stop(reason);
  if (peer.in != nullptr) peer.in->Stop(reason);
  if (peer.connected) Tell(Report{Report::Kind::kDisconnected, id, {}, {}});
  peers_.erase(found);
}

void PeerHub::SetMembers(const MemberList& list, uint32_t ensemble_level) {
  members_ = list;
  ensemble_level_ = ensemble_level;
  std::set<EngineId> gone;
  for (const auto& [id, peer] : peers_) {
    const MemberRow* row = members_.Find(id);
    if (row == nullptr && id < members_.next_engine_id) gone.insert(id);
    if (row != nullptr && peer->in != nullptr && peer->in->disk_id() != row->disk_id)
      gone.insert(id);
  }
  for (EngineId id : gone) Remove(id, "the member list no longer names this server");
  for (const MemberRow& row : members_.rows) {
    if (row.engine_id == self_.engine_id) continue;
    const Address address{row.host, row.quorum_port};
    Peer* peer = Find(row.engine_id);
    if (peer == nullptr) {
      Add(row.engine_id, address);
    } else {
      peer->out->SetAddress(address);
    }
  }
}

void PeerHub::DropIncoming(Peer* peer) {
  if (peer->in == nullptr) return;
  peer->in->Close();
  executor_->Post([link = std::move(peer->in)] {});  // possibly called from within the link
  peer->early.clear();
  peer->early_bytes = 0;
  UpdateConnected(peer);
}

void PeerHub::NoteProcess(Peer* peer, uint64_t boot_id) {
  if (peer->boot_id == boot_id) return;
  const uint64_t before = peer->boot_id;
  peer->boot_id = boot_id;
  if (before == 0) return;
  peer->dead_boot_id = before;
  if (peer->in != nullptr && peer->in->boot_id() == before) DropIncoming(peer);
  if (peer->out->up() && peer->out->boot_id() == before) peer->out->Restart(/*at_once=*/true);
  UpdateConnected(peer);
  LogInfo("peer's process was replaced", {{"peer", peer->id}});
  Tell(Report{Report::Kind::kLost, peer->id, PeerLoss::kNewProcess, {}});
}

void PeerHub::UpdateConnected(Peer* peer) {
  const bool connected = peer->out->up() && peer->in != nullptr;
  if (connected == peer->connected) return;
  peer->connected = connected;
  LogInfo(connected ? "peer connected" : "peer disconnected", {{"peer", peer->id}});
  Tell(
      Report{connected ? Report::Kind::kConnected : Report::Kind::kDisconnected, peer->id, {}, {}});
  if (!connected) return;
  for (std::string& bytes : peer->early) {
    Tell(Report{Report::Kind::kApplicationMessage, peer->id, {}, std::move(bytes)});
  }
  peer->early.clear();
  peer->early_bytes = 0;
}

void PeerHub::Lost(Peer* peer, PeerLoss why) {
  peer->boot_id = 0;
  peer->refused = false;
  LogInfo("peer's process is gone",
          {{"peer", peer->id}, {"why", why == PeerLoss::kGoodbye ? "goodbye" : "refused"}});
  Tell(Report{Report::Kind::kLost, peer->id, why, {}});
}

void PeerHub::Tell(Report report) {
  if (stopping_) return;
  reports_.push_back(std::move(report));
  if (reports_.size() > 1) return;
  executor_->Post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) TellAll();
  });
}

void PeerHub::TellAll() {
  const std::weak_ptr<bool> alive = alive_;
  while (!alive.expired() && !reports_.empty()) {
    Report report = std::move(reports_.front());
    if (listener_ != nullptr) {
      switch (report.kind) {
        case Report::Kind::kConnected:
          listener_->OnPeerConnected(report.peer, true);
          break;
        case Report::Kind::kDisconnected:
          listener_->OnPeerConnected(report.peer, false);
          break;
        case Report::Kind::kLost:
          listener_->OnPeerLost(report.peer, report.loss);
          break;
        case Report::Kind::kApplicationMessage:
          listener_->OnApplicationMessage(report.peer, std::move(report.bytes));
          break;
      }
    }
    // Left in place until told, so that what is told meanwhile queues up behind it.
    if (!alive.expired() && !reports_.empty()) reports_.pop_front();
  }
}

void PeerHub::LogTrouble(Peer* peer, const absl::Status& why) {
  const int64_t now = clock_->NowUs();
  const std::string text(why.message());
  if (text == peer->last_trouble && now - peer->last_trouble_us < kTroubleAgainUs) return;
  peer->last_trouble = text;
  peer->last_trouble_us = now;
  LogWarn("no connection to a peer", {{"peer", peer->id}, {"why", text}});
}

}  // namespace rookery::consensus
