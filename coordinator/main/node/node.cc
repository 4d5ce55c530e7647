#include "coordinator/main/node/node.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/plant.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/log/durable_mark.h"
#include "coordinator/main/node/relay.h"
#include "coordinator/main/node/rescan.h"
#include "coordinator/main/node/transfer.h"

namespace rookery {
namespace {

// What this build knows; grows with what Apply does (machine/state.h).
constexpr uint32_t kLevel = 1;
// Between looks at the members and at learners that have caught up.
constexpr int64_t kWatchUs = 20'000;

machine::MemberRules Rules() {
  machine::MemberRules rules;
  rules.apply_configuration = [](const std::string& members, const std::string& configuration,
                                 const std::string& context) {
    auto list = consensus::DecodeMemberList(members);
    auto decoded = consensus::DecodeConfiguration(configuration);
    if (!list.ok() || !decoded.ok()) return members;
    const absl::Status applied = consensus::ApplyConfiguration(&*list, *decoded, context);
    return applied.ok() ? consensus::EncodeMemberList(*list) : members;
  };
  rules.update = [](const std::string& members, const std::string& row) {
    auto list = consensus::DecodeMemberList(members);
    if (!list.ok() || !consensus::UpdateMembers(&*list, row).ok()) return members;
    return consensus::EncodeMemberList(*list);
  };
  return rules;
}

}  // namespace

std::string PeerHostToListen(const NodeOptions& options, const consensus::ServerLine& own) {
  if (!options.quorum_listen_address.empty()) return options.quorum_listen_address;
  return options.servers.size() == 1 ? own.host : "0.0.0.0";
}

Node::Node(NodeOptions options, NodeEdges edges)
    : options_(std::move(options)),
      edges_(std::move(edges)),
      random_(options_.seed),
      boot_id_(random_.Next() | 1) {}

Node::~Node() { edges_.core->Cancel(watch_timer_); }

absl::Status Node::Start(Events events) {
  events_ = std::move(events);
  ROOKERY_ASSIGN_OR_RETURN(identity_,
                           consensus::LoadOrCreateIdentity(edges_.files, random_.Next()));
  ROOKERY_RETURN_IF_ERROR(OpenLog());
  ROOKERY_RETURN_IF_ERROR(OpenOrigin());
  consensus::PeerHubOptions hub_options;
  for (const consensus::ServerLine& line : options_.servers) {
    if (line.number != options_.server_number) continue;
    hub_options.listen = {PeerHostToListen(options_, line), line.quorum_port};
  }
  hub_ = std::make_unique<consensus::PeerHub>(edges_.core, edges_.network, edges_.clock,
                                              random_.Next(), hub_options);
  consensus::Hello self =
      consensus::HelloOf(identity_, boot_id_, kLevel, options_.servers, options_.server_number);
  if (!identity_.founded() && origin_.has_value()) self.origin = origin_->Id();
  ROOKERY_RETURN_IF_ERROR(hub_->Start(std::move(self)));
  if (identity_.founded()) return OnFounded(identity_);
  founder_ = std::make_unique<consensus::Founder>(edges_.core, edges_.network, edges_.clock,
                                                  random_.Next(), hub_.get(), edges_.files);
  founder_->Start([this](absl::StatusOr<consensus::Identity> identity) {
    absl::Status status = identity.ok() ? OnFounded(*std::move(identity)) : identity.status();
    if (!status.ok()) Fail(std::move(status));
  });
  return absl::OkStatus();
}

absl::Status Node::OpenLog() {
  ROOKERY_ASSIGN_OR_RETURN(log_, edges_.log->Load());
  if (!log_.fresh && !identity_.founded()) {
    return absl::DataLossError(
        absl::StrCat("the log in ", options_.log_directory, " has entries, but the file '",
                     consensus::kIdentityFile,
                     "' beside it does not say whose: restore that file from a backup, or empty "
                     "the data directory "
                     "and let the server come back with `rookery ensemble rejoin ",
                     options_.server_number, "`"));
  }
  // Before anything is written: a log that has lost everything looks like a new one.
  consensus::DurableMarkFile marks(edges_.files);
  ROOKERY_ASSIGN_OR_RETURN(const consensus::DurableMark mark, marks.Read());
  return consensus::CheckAgainstMark(log_, mark, 0, options_.log_directory);
}

absl::Status Node::OpenOrigin() {
  absl::StatusOr<consensus::Origin> origin = consensus::LoadOrigin(edges_.files);
  if (absl::IsNotFound(origin.status())) return absl::OkStatus();
  ROOKERY_RETURN_IF_ERROR(origin.status());
  using Stage = consensus::Origin::Stage;
  if (origin->stage == Stage::kUnfinished) {
    return absl::FailedPreconditionError(
        "a restore into the data directory has not ended: run `rookery restore` again");
  }
  if (origin->stage == Stage::kUsed) return absl::OkStatus();
  if (log_.fresh) {
    origin_ = *std::move(origin);
    return absl::OkStatus();
  }
  // The log names a state since then; should it get lost, this one must not come up again.
  origin->stage = Stage::kUsed;
  return consensus::StoreOrigin(edges_.files, *origin);
}

// A founder begins with the state that its ensemble was founded with, or the two would differ from
// the first entry on.
absl::Status Node::CheckOrigin() const {
  if (!log_.fresh) return absl::OkStatus();
  const uint64_t own = origin_.has_value() ? origin_->Id() : 0;
  if (identity_.founder && own == identity_.founding.origin) return absl::OkStatus();
  if (!identity_.founder && own == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      own == 0 ? "the ensemble was founded from a restored backup, and this data directory is empty"
               : "this data directory was restored from a backup, and the ensemble was founded "
                 "without it",
      ": empty the data directory (keep myid) and let the server come in with `rookery ensemble "
      "rejoin ",
      options_.server_number, "` or `add`"));
}

absl::Status Node::OnFounded(consensus::Identity identity) {
  if (stopping_) return absl::OkStatus();
  identity_ = std::move(identity);
  ROOKERY_RETURN_IF_ERROR(CheckOrigin());
  ROOKERY_RETURN_IF_ERROR(OpenState());
  ROOKERY_RETURN_IF_ERROR(StartConsensus());
  Watch();
  events_.on_service(service_.get());
  return absl::OkStatus();
}

absl::Status Node::OpenState() {
  const bool restored = log_.fresh && origin_.has_value();
  ROOKERY_ASSIGN_OR_RETURN(
      base_, edges_.open_base(restored ? origin_->state_directory : log_.position.state_directory));
  const consensus::Configuration founding = consensus::FoundingConfiguration(identity_.founding);
  if (log_.fresh && identity_.founder) {
    ROOKERY_RETURN_IF_ERROR(consensus::WriteFoundingLog(edges_.log, founding, base_->name()));
    ROOKERY_ASSIGN_OR_RETURN(log_, edges_.log->Load());
    ROOKERY_RETURN_IF_ERROR(OpenOrigin());
  }
  store_ = store::CreateNodeStore(
      options_.store, base_,
      {.core = edges_.core, .load = edges_.load_thread, .flush = edges_.flush_thread},
      edges_.clock);
  // Who was let in later begins with nothing and is filled by a checkpoint.
  machine::Founding begin = {.index = 0, .term = 0};
  if (identity_.founder) {
    begin = {.members = consensus::EncodeMemberList(consensus::FoundingMembers(identity_.founding)),
             .configuration = consensus::EncodeConfiguration(founding),
             .index = 1,
             .term = 1};
  } else {
    begin.members = consensus::EncodeMemberList(identity_.members);
    begin.configuration = consensus::EncodeConfiguration({});
  }
  machine_ = machine::CreateMachine(store_.get(), std::move(begin), Rules());
  if (edges_.changes != nullptr) machine_->SetChangeSink(edges_.changes);
  return machine_->Recover();
}

absl::Status Node::StartConsensus() {
  service::Options service_options = options_.service;
  service_options.self = identity_.engine_id;
  service_options.random_seed = random_.Next();
  service_options.secrets = edges_.secrets;
  service_options.on_fatal = [this](absl::Status status) { Fail(std::move(status)); };
  service_ = std::make_unique<service::ServerService>(std::move(service_options), edges_.core,
                                                      edges_.clock, machine_.get(), store_.get());
  relay_ = std::make_unique<Relay>(this);
  transfer_ = std::make_unique<Transfer>(this);
  ROOKERY_RETURN_IF_ERROR(transfer_->Start());

  consensus::RaftBoot boot = {.applied_index = machine_->applied_index(),
                              .applied_term = machine_->applied_term()};
  ROOKERY_ASSIGN_OR_RETURN(boot.configuration,
                           consensus::DecodeConfiguration(machine_->configuration()));
  if (ROOKERY_PLANTED(kNewerConfiguration)) {
    auto newest = edges_.files->Read(Relay::kNewestConfiguration);
    if (newest.ok()) boot.configuration = *consensus::DecodeConfiguration(*newest);
  }
  consensus::RaftParts parts;
  parts.core = edges_.core;
  parts.log_thread = edges_.log_thread;
  parts.clock = edges_.clock;
  parts.log = edges_.log;
  parts.files = edges_.files;
  parts.peers = hub_.get();
  parts.checkpoints = transfer_.get();
  parts.listener = relay_.get();
  parts.state_directory = [this] { return base_->name(); };
  consensus::RaftOptions raft_options = options_.raft;
  raft_options.id = identity_.engine_id;
  raft_options.boot_id = boot_id_;
  raft_options.seed = random_.Next();
  ROOKERY_ASSIGN_OR_RETURN(consensus_, consensus::StartRaft(raft_options, boot, std::move(log_),
                                                            options_.log_directory, parts));
  log_ = {};
  FollowMembers();
  service_->Start(consensus_.get());
  if (options_.rescan_period_us > 0 && edges_.scan_thread != nullptr) {
    rescan_ =
        std::make_unique<Rescan>(edges_.core, edges_.scan_thread, base_, options_.rescan_period_us,
                                 [this](absl::Status status) { Fail(std::move(status)); });
  }
  return absl::OkStatus();
}

void Node::Watch() {
  if (stopping_) return;
  FollowMembers();
  PromoteLearners();
  if (!running_ && machine_->applied_index() > 1) {
    running_ = true;
    consensus::Hello self = hub_->self();
    self.state = consensus::FoundingState::kRunning;
    hub_->SetSelf(std::move(self));
  }
  watch_timer_ = edges_.core->RunAfter(kWatchUs, [this] { Watch(); });
}

consensus::MemberList Node::Members() const {
  auto list = consensus::DecodeMemberList(machine_->members());
  return list.ok() ? *std::move(list) : identity_.members;
}

void Node::FollowMembers() {
  if (members_ == machine_->members() && !members_.empty()) return;
  members_ = machine_->members();
  hub_->SetMembers(Members(), machine_->level());
}

// A learner that is to vote does so once it has caught up; the leader sees to it.
void Node::PromoteLearners() {
  constexpr uint64_t kEntriesBehindMost = 100;
  const consensus::Status status = consensus_->GetStatus();
  if (!status.leader_ready || !status.configuration.outgoing.empty()) return;
  for (const consensus::MemberRow& row : Members().rows) {
    if (row.role != consensus::MemberRole::kLearner) continue;
    for (const consensus::Status::Peer& peer : status.peers) {
      const bool caught_up = peer.id == row.engine_id && peer.recently_active &&
                             peer.matched_index > 0 &&
                             peer.matched_index + kEntriesBehindMost >= status.commit_index;
      if (!caught_up) continue;
      auto plan = consensus::PlanPromote(Members(), row.engine_id);
      if (plan.ok() && consensus_->ChangeMembers(plan->changes, plan->context).ok()) {
        LogInfo("a learner has caught up and is to vote", {{"server", row.server_number}});
      }
      return;  // one change at a time
    }
  }
}

void Node::Fail(absl::Status status) {
  if (events_.on_fatal) events_.on_fatal(std::move(status));
}

void Node::Stop(absl::AnyInvocable<void()> done) {
  stopping_ = true;
  edges_.core->Cancel(watch_timer_);
  founder_.reset();
  rescan_.reset();
  // Goodbyes leave within this time.
  constexpr int64_t kGoodbyeUs = 20'000;
  auto end = [this, done = std::move(done)]() mutable {
    if (consensus_ != nullptr) consensus_->Stop();
    hub_->Stop();
    edges_.core->RunAfter(kGoodbyeUs, std::move(done));
  };
  if (service_ == nullptr || consensus_ == nullptr) {
    end();
  } else {
    service_->Shutdown(std::move(end));
  }
}

std::string Node::WaitingFor() const { return founder_ == nullptr ? "" : founder_->waiting_for(); }

}  // namespace rookery
