#include "coordinator/service/leader_duties.h"

#include <algorithm>
#include <utility>

#include "coordinator/base/logging.h"
#include "coordinator/base/plant.h"

namespace rookery::service {
namespace {

bool HoldsMajority(const std::vector<consensus::EngineId>& voters,
                   const std::set<model::ServerId>& servers) {
  const auto held = std::count_if(voters.begin(), voters.end(),
                                  [&](consensus::EngineId id) { return servers.contains(id); });
  return voters.empty() || 2 * static_cast<size_t>(held) > voters.size();
}

}  // namespace

LeaderDuties::LeaderDuties(model::ServerId self, session::ExpiryOptions expiry,
                           std::vector<std::string> preload_paths, ContainerCleaning containers,
                           const Clock* clock, consensus::Consensus* consensus,
                           const machine::Machine* machine, proposal::Proposer* proposer)
    : self_(self),
      preload_paths_(std::move(preload_paths)),
      clock_(clock),
      consensus_(consensus),
      machine_(machine),
      proposer_(proposer),
      expiry_(expiry),
      cleaner_(containers, machine) {}

void LeaderDuties::Update() {
  const uint64_t term = proposer_->leading() ? proposer_->term() : 0;
  if (term == term_) return;
  term_ = term;
  preload_proposed_ = false;
  if (term == 0) {
    leading_since_us_ = 0;
    if (!ROOKERY_PLANTED(kDeposedExpiry)) expiry_.End();
    return;
  }
  leading_since_us_ = std::max<int64_t>(clock_->NowUs(), 1);
  std::vector<session::Expiry::Known> known;
  for (const machine::SessionView& session : machine_->Sessions()) {
    known.push_back({session.id, session.timeout_ms, session.attach_count});
  }
  begun_at_index_ = machine_->applied_index();
  expiry_.Begin(clock_->NowUs(), known);
  cleaner_.Begin(clock_->NowUs());
}

void LeaderDuties::OnOutcome(const machine::Outcome& outcome) {
  using Event = machine::Outcome::SessionEvent;
  if (!expiry_.running() || outcome.session_event == Event::kNone) return;
  if (outcome.session_event == Event::kClosed) return expiry_.OnClosed(outcome.session);
  const machine::SessionView* session = machine_->FindSession(outcome.session);
  if (session != nullptr) {
    expiry_.OnAttached({session->id, session->timeout_ms, session->attach_count});
  }
}

void LeaderDuties::TakeReport(model::ServerId from, const proposal::Report& report) {
  // Until it has applied what was applied here at the beginning, what it tells of a session may be
  // from before an attach.
  const bool knows_attaches = report.applied_index >= begun_at_index_;
  for (const proposal::Report::Session& one : report.sessions) {
    const machine::SessionView* session = machine_->FindSession(one.session);
    if (session == nullptr) continue;
    expiry_.OnHeard(one.session, one.idle_ms, knows_attaches && session->owner.server == from);
  }
  for (const proposal::Report::Sign& one : report.attempted) {
    expiry_.OnAttempted(one.session, one.attach_count, one.ago_ms);
  }
  for (const proposal::Report::Sign& one : report.ended) {
    const machine::SessionView* session = machine_->FindSession(one.session);
    if (session == nullptr || session->owner.server != from) continue;
    expiry_.OnEnded(one.session, one.attach_count, one.ago_ms, report.round);
  }
  expiry_.OnReport(from, report.round);
}

void LeaderDuties::OnReport(consensus::EngineId from, const proposal::Report& report) {
  if (!proposer_->leading()) return;
  TakeReport(from, report);
  const proposal::ReportTaken taken{.term = proposer_->term(),
                                    .sequence = report.sequence,
                                    .commit_index = consensus_->GetStatus().commit_index};
  (void)consensus_->SendToPeer(from, proposal::EncodePeerMessage(taken));
}

void LeaderDuties::OnOwnReport(const proposal::Report& report) {
  if (expiry_.running()) TakeReport(self_, report);
}

void LeaderDuties::OnPeerConnected(consensus::EngineId peer, bool connected) {
  if (!connected) expiry_.OnUnreachable(peer);
}

void LeaderDuties::CleanContainers() {
  wire::DeleteContainers gone = cleaner_.Tick(clock_->NowUs(), clock_->WallMs());
  if (gone.containers.empty()) return;
  // Refused: a later look finds them again.
  (void)proposer_->Propose({.body = std::move(gone)});
}

void LeaderDuties::Tick(const std::function<proposal::Report()>& own_report) {
  Update();
  if (!expiry_.running()) return;
#ifdef ROOKERY_PLANTS
  if (ROOKERY_PLANTED(kDeposedExpiry) && term_ == 0) return ExpireDeposed();
#endif
  if (!preload_proposed_ && !preload_paths_.empty() && !machine_->preloaded()) {
    preload_proposed_ = proposer_->Propose({.body = wire::Preload{preload_paths_}}) ==
                        consensus::ProposeResult::kAccepted;
  }
  CleanContainers();
  const consensus::Status status = consensus_->GetStatus();
  session::Expiry::Ensemble ensemble{.self = self_};
  for (const consensus::Status::Peer& peer : status.peers) {
    if (peer.connected && peer.id != self_) ensemble.connected.push_back(peer.id);
  }
  ensemble.is_majority = [&status](const std::set<model::ServerId>& servers) {
    return HoldsMajority(status.configuration.voters, servers) &&
           HoldsMajority(status.configuration.outgoing, servers);
  };
  const session::Expiry::Actions actions = expiry_.Tick(clock_->NowUs(), ensemble);
  if (actions.call_round != 0) {
    const std::string call =
        proposal::EncodePeerMessage(proposal::RoundCall{term_, actions.call_round});
    for (const model::ServerId server : ensemble.connected) {
      if (!consensus_->SendToPeer(server, call)) expiry_.OnUnreachable(server);
    }
    proposal::Report report = own_report();
    report.round = actions.call_round;
    TakeReport(self_, report);
  }
  if (actions.expired.empty()) return;
  wire::ExpireSessions expire;
  for (const session::Expiry::Expired& one : actions.expired) {
    LogInfo("a session expires",
            {{"session", model::ToHex(one.id)},
             {"why", one.ended ? "its client ended the connection and did not come back"
                               : "its client was silent"}});
    expire.sessions.push_back({one.id, one.attach_count});
  }
  // Refused: the expiry's clock proposes it again.
  (void)proposer_->Propose({.body = std::move(expire)});
}

#ifdef ROOKERY_PLANTS
// A bug, planted: what reports would say does not come here any more.
void LeaderDuties::ExpireDeposed() {
  session::Expiry::Ensemble alone{.self = self_, .is_majority = [](const auto&) { return false; }};
  (void)expiry_.Tick(clock_->NowUs(), alone);
  wire::ExpireSessions expire;
  for (const auto& [in_us, id] : expiry_.Deadlines()) {
    const machine::SessionView* session = machine_->FindSession(id);
    if (in_us <= 0 && session != nullptr) expire.sessions.push_back({id, session->attach_count});
  }
  if (!expire.sessions.empty()) proposer_->Ask({.body = std::move(expire)});
}
#endif

}  // namespace rookery::service
