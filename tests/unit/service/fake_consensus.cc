#include "tests/unit/service/fake_consensus.h"

#include <algorithm>
#include <utility>

namespace rookery::service {

using consensus::EngineId;
using consensus::Item;

void FakeEnsemble::Elect(EngineId leader, Uncommitted uncommitted) {
  LoseLeader(uncommitted);
  leader_ = leader;
  ++term_;
  TellStatus();
  Append(Item::Kind::kLeaderStarted, "");
}

void FakeEnsemble::LoseLeader(Uncommitted uncommitted) {
  for (Item& item : uncommitted_) {
    if (uncommitted == Uncommitted::kSurvives) log_.push_back(std::move(item));
  }
  uncommitted_.clear();
  leader_ = 0;
  TellStatus();
}

void FakeEnsemble::Append(Item::Kind kind, std::string bytes) {
  uncommitted_.push_back({.kind = kind,
                          .index = 0,
                          .term = term_,
                          .bytes = std::move(bytes),
                          .configuration = configuration});
  if (!commits && kind == Item::Kind::kEntry) return;
  core_->RunAfter(latency_us, [this, term = term_] {
    if (term == term_) Commit();
  });
}

void FakeEnsemble::Commit() {
  for (Item& item : std::exchange(uncommitted_, {})) log_.push_back(std::move(item));
  for (const auto& [id, server] : servers_) Deliver(server);
}

void FakeEnsemble::Deliver(FakeConsensus* server) {
  core_->RunAfter(
      server->self_ == leader_ ? 0 : latency_us, [this, server, alive = server->alive_] {
        if (!*alive || server->paused || server->installing_) return;
        if (leader_ != 0 && server->self_ != leader_ && !Connected(server->self_, leader_)) return;
        std::vector<Item> items;
        for (; server->handed_up_ < log_.size() + 1; ++server->handed_up_) {
          items.push_back(log_[server->handed_up_ - 1]);
          items.back().index = server->handed_up_ + 1;
        }
        if (!items.empty()) server->listener_->OnItems(std::move(items));
      });
}

EngineId FakeEnsemble::LeaderFor(EngineId server) const {
  return leader_ != 0 && Connected(server, leader_) ? leader_ : 0;
}

void FakeEnsemble::TellStatus() {
  for (const auto& [id, server] : servers_) {
    core_->Post([server, alive = server->alive_] {
      if (*alive) server->listener_->OnStatus(server->GetStatus());
    });
  }
}

void FakeEnsemble::Cut(EngineId a, EngineId b) {
  cuts_.insert(std::minmax(a, b));
  for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)}) {
    const auto at = servers_.find(one);
    if (at == servers_.end()) continue;
    core_->Post([server = at->second, alive = at->second->alive_, other] {
      if (*alive) server->listener_->OnPeerConnected(other, false);
    });
  }
  TellStatus();
}

void FakeEnsemble::Heal(EngineId a, EngineId b) {
  cuts_.erase(std::minmax(a, b));
  for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)}) {
    const auto at = servers_.find(one);
    if (at == servers_.end()) continue;
    core_->Post([server = at->second, alive = at->second->alive_, other] {
      if (*alive) server->listener_->OnPeerConnected(other, true);
    });
    Deliver(at->second);
  }
  TellStatus();
}

bool FakeEnsemble::Connected(EngineId a, EngineId b) const {
  if (a == b) return servers_.contains(a);
  return servers_.contains(a) && servers_.contains(b) && !cuts_.contains(std::minmax(a, b));
}

FakeConsensus::FakeConsensus(FakeEnsemble* ensemble, EngineId self, consensus::Listener* listener,
                             uint64_t applied_index)
    : applied(applied_index),
      ensemble_(ensemble),
      self_(self),
      listener_(listener),
      handed_up_(applied_index) {
  ensemble_->servers_[self] = this;
  for (const auto& [id, server] : ensemble_->servers_) {
    if (id != self) ensemble_->Heal(self, id);
  }
  ensemble_->Deliver(this);
  ensemble_->TellStatus();
}

FakeConsensus::~FakeConsensus() {
  *alive_ = false;
  ensemble_->servers_.erase(self_);
  for (const auto& [id, server] : ensemble_->servers_) {
    ensemble_->core_->Post([server, alive = server->alive_, gone = self_] {
      if (*alive) server->listener_->OnPeerConnected(gone, false);
    });
  }
}

void FakeConsensus::Install(consensus::Manifest manifest, std::string directory) {
  installing_ = true;
  handed_up_ = manifest.index;
  listener_->OnInstall(std::move(manifest), std::move(directory),
                       [this, alive = alive_](absl::Status status) {
                         if (!*alive || !status.ok()) return;
                         installing_ = false;
                         ensemble_->Deliver(this);
                       });
}

consensus::ProposeResult FakeConsensus::Propose(std::string bytes) {
  if (ensemble_->leader_ != self_) return consensus::ProposeResult::kNotLeader;
  if (ensemble_->busy) return consensus::ProposeResult::kBusy;
  ensemble_->Append(Item::Kind::kEntry, std::move(bytes));
  return consensus::ProposeResult::kAccepted;
}

void FakeConsensus::Barrier(int64_t deadline_us,
                            absl::AnyInvocable<void(absl::StatusOr<uint64_t>)> done) {
  const bool answered = ensemble_->LeaderFor(self_) != 0;
  const uint64_t index = ensemble_->log_.size() + 1;
  const int64_t delay_us =
      answered ? 2 * ensemble_->latency_us : deadline_us - ensemble_->core_->NowUs();
  ensemble_->core_->RunAfter(delay_us, [answered, index, done = std::move(done)]() mutable {
    if (answered) {
      done(index);
    } else {
      done(absl::DeadlineExceededError("no leader answered"));
    }
  });
}

bool FakeConsensus::SendToPeer(EngineId peer, std::string bytes) {
  if (!ensemble_->Connected(self_, peer) || peer == self_) return false;
  if (ensemble_->drops && ensemble_->drops(self_, peer, bytes)) return true;
  ensemble_->core_->RunAfter(
      ensemble_->latency_us, [ensemble = ensemble_, from = self_, peer, bytes = std::move(bytes)] {
        const auto at = ensemble->servers_.find(peer);
        if (at == ensemble->servers_.end() || !ensemble->Connected(from, peer)) return;
        at->second->listener_->OnPeerMessage(from, bytes);
      });
  return true;
}

absl::Status FakeConsensus::Transfer(EngineId to) {
  if (ensemble_->leader_ != self_) return absl::FailedPreconditionError("does not lead");
  ensemble_->core_->RunAfter(ensemble_->latency_us, [ensemble = ensemble_, from = self_, to] {
    if (ensemble->leader_ == from) ensemble->Elect(to, FakeEnsemble::Uncommitted::kSurvives);
  });
  return absl::OkStatus();
}

consensus::Status FakeConsensus::GetStatus() const {
  consensus::Status status;
  status.self = self_;
  status.leader = ensemble_->LeaderFor(self_);
  status.role = status.leader == self_ ? consensus::Role::kLeader : consensus::Role::kFollower;
  status.term = ensemble_->term_;
  status.commit_index = ensemble_->log_.size() + 1;
  status.durable_index = status.commit_index;
  status.leader_ready = status.leader == self_;
  status.configuration = ensemble_->configuration;
  for (const auto& [id, server] : ensemble_->servers_) {
    if (id == self_) continue;
    status.peers.push_back({.id = id,
                            .matched_index = server->handed_up_,
                            .connected = ensemble_->Connected(self_, id),
                            .recently_active = true});
  }
  return status;
}

}  // namespace rookery::service
