#include "coordinator/service/server_service.h"

#include <algorithm>
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/base/logging.h"
#include "coordinator/service/apply_observer.h"

namespace rookery::service {
namespace {

// A report costs little; contact is judged by its answers.
int64_t ReportIntervalUs(const Options& options) {
  return std::min({int64_t{options.min_session_timeout_ms} * 1000 / 4, options.sync_limit_us / 4,
                   int64_t{500'000}});
}

}  // namespace

ServerService::ServerService(Options options, Executor* core, const Clock* clock,
                             machine::Machine* machine, store::NodeStore* store)
    : options_(std::move(options)),
      core_(core),
      clock_(clock),
      machine_(machine),
      store_(store),
      random_(options_.random_seed),
      started_us_(clock->NowUs()),
      contact_(ReportIntervalUs(options_)),
      ended_clients_(
          {.grace_us = options_.disconnect_grace_us, .pause_us = options_.contact_timeout_us}) {
  ROOKERY_CHECK(options_.secrets != nullptr) << "sessions need passwords that nobody can guess";
}

ServerService::~ServerService() {
  *alive_ = false;
  core_->Cancel(tick_timer_);
}

void ServerService::Start(consensus::Consensus* consensus) {
  consensus_ = consensus;
  proposal::ProposerOptions proposer;
  proposer.outbox.progress_timeout_us = options_.resend_timeout_us;
  proposer_ =
      std::make_unique<proposal::Proposer>(proposer, options_.self, core_, clock_, consensus,
                                           machine_, [this] { return store_->Overloaded(); });
  barriers_ = std::make_unique<Barriers>(core_, clock_, consensus);
  standing_ =
      std::make_unique<Standing>(options_.self, &random_, proposer_.get(), barriers_.get(), [this] {
        contact_.OnServing(clock_->NowUs());
        LogInfo("serving clients");
      });
  session::ExpiryOptions expiry;
  expiry.tick_us = options_.tick_us;
  expiry.contact_timeout_us = options_.contact_timeout_us;
  expiry.disconnect_grace_us = options_.disconnect_grace_us;
  duties_ = std::make_unique<LeaderDuties>(options_.self, expiry, options_.preload_paths,
                                           options_.containers, clock_, consensus, machine_,
                                           proposer_.get());
  keeper_ = std::make_unique<StateKeeper>(options_, &random_, clock_, machine_, store_, consensus,
                                          [this](absl::Status status) { Fail(std::move(status)); });
  barriers_->OnApplied(machine_->applied_index());
  proposer_->OnApplyingTerm(machine_->applied_term());
  standing_->StartOver();
  if (options_.observer != nullptr) {
    options_.observer->OnStands(*machine_, consensus->GetStatus());
  }
  OnStatus(consensus->GetStatus());
  Tick();
}

void ServerService::Tick() {
  tick_timer_ = core_->RunAfter(options_.tick_us, [this] { Tick(); });
  if (failed_) return;
  const int64_t now_us = clock_->NowUs();
  proposer_->Tick();
  ended_clients_.Tick(now_us);
  if (!installing_) {
    duties_->Tick([this] { return MakeReport(); });
    if (!stopping_) standing_->Tick(now_us);
    if (contact_.ReportDue(now_us)) SendReport();
    CheckContact(now_us);
    if (!in_item_ && !apply_loading_) keeper_->BetweenEntries();
  }
  ReleaseHeldPings();
}

void ServerService::OnStatus(const consensus::Status& status) {
  if (status.leader == 0) {
    if (looking_since_us_ == 0) looking_since_us_ = clock_->NowUs();
  } else if (looking_since_us_ != 0) {
    counters_.elections.Add(clock_->NowUs() - std::exchange(looking_since_us_, 0));
  }
  if (options_.observer != nullptr) options_.observer->OnStatus(status);
  proposer_->OnStatus(status);
  if (installing_) return;
  duties_->Update();
  if (!stopping_) standing_->Tick(clock_->NowUs());
  // A new leader learns the true age of sessions soon.
  if (status.leader != 0 && status.leader != options_.self) SendReport();
}

void ServerService::OnPeerConnected(consensus::EngineId peer, bool connected) {
  // Before what waits is sent: the leader heard nothing of our sessions, and if this server died
  // now it would take them for silent.
  if (connected && !installing_ && peer == proposer_->leader()) SendReport();
  proposer_->OnPeerConnected(peer, connected);
  duties_->OnPeerConnected(peer, connected);
}

proposal::Report ServerService::MakeReport() {
  const int64_t now_us = clock_->NowUs();
  std::vector<proposal::Report::Session> sessions;
  sessions.reserve(by_session_.size());
  for (const auto& [session, id] : by_session_) {
    const int64_t idle_us = std::max<int64_t>(0, now_us - connections_.at(id)->heard_us);
    sessions.push_back({session, idle_us / 1000});
  }
  // Sorted, so that a simulation repeats itself to the byte.
  std::sort(sessions.begin(), sessions.end(),
            [](const auto& a, const auto& b) { return a.session < b.session; });
  contact_.ForgetDepartedBut(
      [this](model::SessionId session) { return machine_->FindSession(session) != nullptr; });
  proposal::Report report = contact_.MakeReport(proposer_->term(), now_us, std::move(sessions));
  report.applied_index = machine_->applied_index();
  report.ended = ended_clients_.Ended();
  report.attempted = ended_clients_.Attempted();
  return report;
}

void ServerService::SendReport() {
  if (proposer_->leading()) {
    duties_->OnOwnReport(MakeReport());
    contact_.OnLeading(clock_->NowUs(), consensus_->GetStatus().commit_index,
                       machine_->applied_index());
  } else if (proposer_->leader() != 0 && proposer_->leader() != options_.self) {
    // No connection: no contact, which CheckContact notices.
    (void)consensus_->SendToPeer(proposer_->leader(), proposal::EncodePeerMessage(MakeReport()));
  }
}

void ServerService::OnPeerMessage(consensus::EngineId from, absl::string_view bytes) {
  absl::StatusOr<proposal::PeerMessage> message = proposal::DecodePeerMessage(bytes);
  if (!message.ok()) {
    LogWarn("a server sent a message that is none",
            {{"from", from}, {"error", message.status().ToString()}});
    return;
  }
  if (const auto* forward = std::get_if<proposal::Forward>(&*message)) {
    proposer_->OnForward(from, bytes, *forward);
  } else if (const auto* cursor = std::get_if<proposal::Cursor>(&*message)) {
    proposer_->OnCursor(*cursor);
  } else if (const auto* wish = std::get_if<proposal::Wish>(&*message)) {
    proposer_->OnWish(*wish);
  } else if (const auto* report = std::get_if<proposal::Report>(&*message)) {
    duties_->OnReport(from, *report);
  } else if (const auto* taken = std::get_if<proposal::ReportTaken>(&*message)) {
    if (taken->term != proposer_->term()) return;
    contact_.OnTaken(*taken, clock_->NowUs(), machine_->applied_index());
    ReleaseHeldPings();
  } else if (const auto* call = std::get_if<proposal::RoundCall>(&*message)) {
    if (call->term != proposer_->term() || from != proposer_->leader()) return;
    contact_.OnRoundCall(*call);
    SendReport();
  }
}

void ServerService::OnCheckpointWanted() { keeper_->WantCheckpoint(); }

void ServerService::OnCheckpointUnusable(const std::string& name) { keeper_->DropUnusable(name); }

void ServerService::AskMemberRow(std::string row) {
  proposer_->Ask({.body = wire::SetMemberRow{std::move(row)}});
}

void ServerService::Fail(absl::Status status) {
  if (failed_) return;
  failed_ = true;
  LogError("this server cannot go on", {{"reason", status.ToString()}});
  if (options_.on_fatal) options_.on_fatal(std::move(status));
}

Statistics ServerService::GetStatistics() const {
  Statistics now = counters_;
  now.outstanding_requests = lane_requests_ + once_reads_.size() + together_reads_.size();
  now.connections = connections_.size();
  now.nodes = machine_->node_count();
  now.ephemerals = machine_->ephemeral_count();
  now.data_bytes = machine_->data_bytes();
  now.sessions = machine_->session_count();
  const watch::WatchTable::Counts watches = watches_.Count();
  now.watch_connections = watches.connections;
  now.watch_paths = watches.data_paths;
  now.watch_data = watches.data_watches;
  now.watch_all = watches.all_watches;
  now.apply_backlog = items_.size();
  now.uptime_us = clock_->NowUs() - started_us_;
  if (proposer_ == nullptr) return now;
  now.resends = proposer_->outbox().resends();
  now.entries_proposed = proposer_->counters().entries;
  now.entry_bytes_last = proposer_->counters().entry_bytes_last;
  now.entry_bytes_min = proposer_->counters().entry_bytes_min;
  now.entry_bytes_max = proposer_->counters().entry_bytes_max;
  now.flushes = keeper_->flushes();
  now.checkpoints = keeper_->checkpoints();
  now.unusable_checkpoints = keeper_->unusable_checkpoints();
  now.checkpoint_times = keeper_->checkpoint_times();
  if (const int64_t since_us = duties_->leading_since_us(); since_us != 0) {
    now.leading_us = clock_->NowUs() - since_us;
  }
  return now;
}

void ServerService::ResetStatistics() {
  counters_ = {};
  if (proposer_ != nullptr) proposer_->ResetCounters();
}

std::vector<WatchedPath> ServerService::Watches() const {
  std::vector<WatchedPath> all;
  for (watch::WatchTable::Watched& watched : watches_.DataWatches()) {
    WatchedPath& here = all.emplace_back(WatchedPath{.path = std::move(watched.path)});
    for (const ConnectionId id : watched.connections) {
      const auto at = connections_.find(id);
      if (at != connections_.end()) here.sessions.push_back(at->second->session);
    }
    std::sort(here.sessions.begin(), here.sessions.end());
  }
  return all;
}

std::vector<SessionInfo> ServerService::Sessions() const {
  std::map<model::SessionId, int64_t> deadlines;
  if (duties_ != nullptr) {
    for (const auto& [in_us, session] : duties_->Deadlines()) deadlines[session] = in_us;
  }
  std::vector<SessionInfo> sessions;
  for (const machine::SessionView& view : machine_->Sessions()) {
    SessionInfo info{.id = view.id,
                     .timeout_ms = view.timeout_ms,
                     .server = view.owner.server,
                     .ephemerals = machine_->EphemeralsOf(view.id)};
    if (const auto at = deadlines.find(view.id); at != deadlines.end()) {
      info.expires_in_us = at->second;
    }
    sessions.push_back(std::move(info));
  }
  return sessions;
}

}  // namespace rookery::service
