// Who stays and who goes: farewells, the loss of contact, shutdown.
#include <algorithm>
#include <utility>

#include "coordinator/base/logging.h"
#include "coordinator/service/server_service.h"

namespace rookery::service {
namespace {

// Between looks at what is still in flight while shutting down.
constexpr int64_t kShutdownStepUs = 20'000;
// A server that has not handed leadership over by this part of its time stops trying.
constexpr int64_t kTransferShare = 2;

}  // namespace

// Takes a connection out of everything. The object lives to the end of the turn, since the stack
// may still hold it.
void ServerService::Bury(ConnectionId id) {
  const auto at = connections_.find(id);
  if (at == connections_.end()) return;
  std::unique_ptr<Connection> connection = std::move(at->second);
  connections_.erase(at);
  connection->gone = true;
  watches_.Drop(id);
  held_pings_.erase(id);
  lane_bytes_ -= connection->lane.bytes();
  lane_requests_ -= connection->lane.size();
  const auto session = by_session_.find(connection->session);
  if (session != by_session_.end() && session->second == id) {
    by_session_.erase(session);
    contact_.OnDeparted(connection->session, connection->heard_us);
  }
  if (turn_ == id) PostApply();
  if (graveyard_.empty()) {
    core_->Post([this, alive = alive_] {
      if (*alive) graveyard_.clear();
    });
  }
  graveyard_.push_back(std::move(connection));
}

void ServerService::Farewell(ConnectionId id, service::Farewell why) {
  Connection* connection = Find(id);
  if (connection == nullptr) return;
  Client* const client = connection->client;
  Bury(id);
  client->OnFarewell(why);
}

void ServerService::DropClients(service::Farewell why) {
  std::vector<ConnectionId> ids;
  ids.reserve(connections_.size());
  for (const auto& [id, connection] : connections_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  std::deque<Waiter> waiting = std::move(waiting_);
  waiting_.clear();
  std::map<uint64_t, OnceRead> reads = std::move(once_reads_);
  once_reads_.clear();
  std::map<uint64_t, TogetherRead> together = std::move(together_reads_);
  together_reads_.clear();
  barriers_->Forget();
  for (const ConnectionId id : ids) Farewell(id, why);
  watches_.Clear();
  const absl::Status gone = absl::UnavailableError(
      "this server stopped serving before the answer; a write may have been applied");
  for (Waiter& waiter : waiting) {
    if (waiter.kind == Waiter::Kind::kOnce) waiter.once(gone);
  }
  for (auto& [id, read] : reads) read.done(gone);
  for (auto& [id, read] : together) read.done(gone);
}

// Whatever was asked here and is unanswered is forgotten, and never applied under a new
// incarnation.
void ServerService::StartOver() {
  standing_->StartOver();
  DropClients(service::Farewell::kNotServing);
  if (!stopping_) standing_->Tick(clock_->NowUs());
}

void ServerService::CheckContact(int64_t now_us) {
  if (!standing_->serving() || stopping_) return;
  const int64_t silent_us = now_us - contact_.last_contact_us();
  const int64_t behind_us = contact_.BehindUs(now_us, machine_->applied_index());
  if (silent_us <= options_.sync_limit_us && behind_us <= options_.sync_limit_us) return;
  LogWarn("clients are sent away: no contact to a leader, or too far behind it",
          {{"silent_ms", silent_us / 1000},
           {"behind_ms", behind_us / 1000},
           {"sync_limit_ms", options_.sync_limit_us / 1000}});
  StartOver();
}

void ServerService::Shutdown(absl::AnyInvocable<void()> done) {
  if (stopping_) return;
  on_stopped_ = std::move(done);
  stopping_ = true;
  stop_deadline_us_ = clock_->NowUs() + options_.shutdown_timeout_us;
  ShutdownStep();
}

void ServerService::ShutdownStep() {
  const int64_t now_us = clock_->NowUs();
  const consensus::Status status = consensus_->GetStatus();
  const bool leads = status.role == consensus::Role::kLeader;
  bool handing_over = false;
  if (leads && now_us < stop_deadline_us_ - options_.shutdown_timeout_us / kTransferShare) {
    // To the voter that has come furthest.
    const consensus::Status::Peer* best = nullptr;
    for (const consensus::Status::Peer& peer : status.peers) {
      if (!peer.connected || peer.id == status.self) continue;
      if (!status.configuration.IsVoter(peer.id)) continue;
      if (best == nullptr || peer.matched_index > best->matched_index) best = &peer;
    }
    if (best != nullptr) {
      handing_over = true;
      const absl::Status transfer = consensus_->Transfer(best->id);
      if (!transfer.ok()) LogDebug("transfer", {{"status", transfer.ToString()}});
    }
  }
  const bool in_flight =
      !waiting_.empty() || lane_requests_ > 0 || !once_reads_.empty() || !together_reads_.empty();
  if (failed_ || now_us >= stop_deadline_us_ || (!handing_over && !in_flight)) {
    FinishShutdown();
    return;
  }
  core_->RunAfter(kShutdownStepUs, [this, alive = alive_] {
    if (*alive) ShutdownStep();
  });
}

void ServerService::FinishShutdown() {
  DropClients(service::Farewell::kNotServing);
  if (on_stopped_) std::exchange(on_stopped_, nullptr)();
}

}  // namespace rookery::service
