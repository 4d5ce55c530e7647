#include <type_traits>
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/base/fatal.h"
#include "coordinator/base/plant.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/machine/machine_impl.h"
#include "coordinator/model/path.h"
#include "coordinator/store/node_codec.h"

namespace rookery::machine {

MachineImpl::MachineImpl(store::NodeStore* store, Founding founding, MemberRules rules)
    : store_(store),
      founding_(std::move(founding)),
      rules_(std::move(rules)),
      sessions_(store),
      containers_(store) {}

absl::Status MachineImpl::Recover() {
  ROOKERY_RETURN_IF_ERROR(RecoverState());
  if (sink_ != nullptr) sink_->OnState(zxids_.last());
  return absl::OkStatus();
}

absl::Status MachineImpl::RecoverState() {
  busy_ = has_entry_ = false;
  ROOKERY_RETURN_IF_ERROR(containers_.Recover());
  absl::StatusOr<State> state = ReadState(*store_);
  if (state.status().code() == absl::StatusCode::kNotFound) {
    tickets_ = {};
    ROOKERY_RETURN_IF_ERROR(sessions_.Recover());
    Found();
    return absl::OkStatus();
  }
  ROOKERY_RETURN_IF_ERROR(state.status());
  state_ = *std::move(state);
  if (state_.applied_index == 0) {  // a restored one: the first of this ensemble's order
    state_.applied_index = founding_.index;
    state_.applied_term = founding_.term;
    state_.configuration = founding_.configuration;
    state_.members = founding_.members;
  }
  zxids_.Restore(state_.last_zxid);
  ROOKERY_RETURN_IF_ERROR(tickets_.Recover(*store_));
  return sessions_.Recover();
}

// The nodes of a fresh ZooKeeper (zookeeper-protocol 2.8), all numbers zero.
void MachineImpl::Found() {
  state_ = {.applied_index = founding_.index,
            .applied_term = founding_.term,
            .configuration = founding_.configuration,
            .members = founding_.members};
  zxids_ = {};
  const auto put = [this](const char* path, int32_t children, model::AclRef acl, int32_t aversion) {
    store::Node node;
    node.data = "";
    node.acl = std::move(acl);
    node.num_children = children;
    node.aversion = aversion;
    state_.node_digest += store::NodeHash(path, node);
    state_.data_bytes += std::string(path).size();
    ++state_.node_count;
    store_->Put(path, std::move(node));
  };
  put("/", 1, model::OpenAcl(), 0);
  put("/zookeeper", 2, model::OpenAcl(), 0);
  put("/zookeeper/quota", 0, model::OpenAcl(), 0);
  put("/zookeeper/config", 0, model::ReadOnlyAcl(), -1);
}

void MachineImpl::Begin(uint64_t index, uint64_t term) {
  ROOKERY_CHECK(!busy_) << "entry " << index << " begins while " << index_ << " is under way";
  ROOKERY_CHECK(index > state_.applied_index)
      << "entry " << index << " comes after " << state_.applied_index << " was applied";
  busy_ = true;
  has_entry_ = false;
  index_ = index;
  term_ = term;
  run_ = request_ = 0;
}

void MachineImpl::Finish() {
  busy_ = has_entry_ = false;
  state_.applied_index = index_;
  state_.applied_term = term_;
}

void MachineImpl::BeginEntry(uint64_t index, uint64_t term, std::string bytes) {
  Begin(index, term);
  absl::StatusOr<wire::LogEntry> entry = wire::DecodeLogEntry(bytes);
  // A newer server raised the level: stop before it, so that a newer program can go on from here.
  if (absl::IsUnimplemented(entry.status())) {
    EndProcess(absl::StrCat("entry ", index, ": ", entry.status().message(),
                            ": start a newer rookeryd on this data directory"));
  }
  // Every server would stumble over the same bytes; they come from one of us.
  ROOKERY_CHECK(entry.ok()) << "entry " << index << " cannot be read: " << entry.status();
  entry_ = *std::move(entry);
  has_entry_ = true;
}

void MachineImpl::BeginLeader(uint64_t index, uint64_t term) {
  Begin(index, term);
  zxids_.OpenEpoch();
}

void MachineImpl::BeginConfiguration(uint64_t index, uint64_t term, std::string configuration,
                                     std::string context) {
  Begin(index, term);
  state_.members = rules_.apply_configuration(state_.members, configuration, context);
  state_.configuration = std::move(configuration);
}

Step MachineImpl::Next(Outcome* outcome) {
  ROOKERY_CHECK(busy_) << "no entry is under way";
  missing_ = {};
  *outcome = {};
  if (!has_entry_) {
    Finish();
    return Step::kFinished;
  }
  const Step step =
      std::visit([this, outcome](auto& body) { return StepOf(body, outcome); }, entry_.body);
  if (step == Step::kFinished) Finish();
  return step;
}

Step MachineImpl::StepOf(wire::Batch& batch, Outcome* outcome) {
  while (run_ < batch.runs.size() && request_ == batch.runs[run_].requests.size()) {
    ++run_;
    request_ = 0;
  }
  if (run_ == batch.runs.size()) return Step::kFinished;
  wire::TicketRun& run = batch.runs[run_];
  outcome->origin = {run.server, run.incarnation, run.first_ticket + request_};
  outcome->kind = Outcome::Kind::kSkipped;
  if (tickets_.Take(run.server, run.incarnation, outcome->origin.ticket)) {
    outcome->kind = Outcome::Kind::kRequest;
    if (!ApplyRequest(run.requests[request_], outcome)) {
      tickets_.Untake(run.server);
      return Step::kMissing;
    }
  } else if (ROOKERY_PLANTED(kApplyTwice) &&
             outcome->origin.ticket <= LastTicket(run.server, run.incarnation)) {
    if (!ApplyRequest(run.requests[request_], outcome)) return Step::kMissing;
    outcome->kind = Outcome::Kind::kInternal;
  }
  ++request_;
  return Step::kOutcome;
}

Step MachineImpl::StepOf(wire::GrantIncarnation& grant, Outcome* outcome) {
  if (request_++ > 0) return Step::kFinished;
  outcome->kind = Outcome::Kind::kGranted;
  outcome->origin.server = grant.server;
  outcome->origin.incarnation = tickets_.Grant(grant.server, grant.nonce);
  outcome->nonce = grant.nonce;
  outcome->reply.zxid = zxids_.last();
  return Step::kOutcome;
}

Step MachineImpl::StepOf(wire::ExpireSessions& expire, Outcome* outcome) {
  while (request_ < expire.sessions.size()) {
    const wire::ExpireSessions::One& one = expire.sessions[request_];
    const session::Session* session = sessions_.Find(one.session);
    if (session != nullptr && session->attach_count == one.attach_count) {
      outcome->kind = Outcome::Kind::kExpired;
      outcome->session = one.session;
      outcome->owner = session->owner;
      if (!ApplyClose(one.session, outcome)) return Step::kMissing;
      ++request_;
      return Step::kOutcome;
    }
    ++request_;  // it ended or moved on since the leader looked
  }
  return Step::kFinished;
}

Step MachineImpl::StepOf(wire::Preload& preload, Outcome* outcome) {
  if (state_.preloaded || request_++ > 0) return Step::kFinished;
  tree::Overlay overlay(store_);
  const model::Credentials nobody = {.skip_acl = true};
  const tree::WriteContext context = {
      .zxid = zxids_.Peek(), .time_ms = entry_.time_ms, .who = nobody};
  for (const std::string& path : preload.paths) {
    if (overlay.Find(path) != nullptr || overlay.missed()) continue;
    tree::Create({.path = path, .acl = *model::OpenAcl()}, context, overlay);
  }
  if (overlay.missed()) {
    missing_ = overlay.missing();
    request_ = 0;
    return Step::kMissing;
  }
  outcome->reply.zxid = zxids_.Take();
  outcome->changes = std::move(overlay.changes());
  Commit(overlay);
  state_.preloaded = true;
  return Step::kOutcome;
}

Step MachineImpl::StepOf(wire::SetMemberRow& row, Outcome* outcome) {
  if (request_++ > 0) return Step::kFinished;
  state_.members = rules_.update(state_.members, row.row);
  outcome->reply.zxid = zxids_.last();
  return Step::kOutcome;
}

Step MachineImpl::StepOf(wire::DeleteContainers& gone, Outcome* outcome) {
  for (; request_ < gone.containers.size(); ++request_) {
    const wire::DeleteContainers::One& one = gone.containers[request_];
    // It went, got a child or was written since the leader looked.
    if (!containers_.Holds({one.path, one.used, one.mtime_ms})) continue;
    tree::Overlay overlay(store_);
    tree::Remove(one.path, zxids_.Peek(), overlay);
    if (overlay.missed()) {
      missing_ = overlay.missing();
      return Step::kMissing;
    }
    outcome->kind = Outcome::Kind::kEmptied;
    outcome->reply.zxid = zxids_.Take();
    outcome->changes = std::move(overlay.changes());
    Commit(overlay);
    ++request_;
    return Step::kOutcome;
  }
  return Step::kFinished;
}

void MachineImpl::SaveRows() {
  ROOKERY_CHECK(!busy_) << "a flush begins within entry " << index_;
  state_.last_zxid = zxids_.last();
  WriteState(state_, store_);
  tickets_.Save(store_);
  sessions_.SaveNextId();
}

const SessionView* MachineImpl::FindSession(model::SessionId id) const {
  const session::Session* session = sessions_.Find(id);
  if (session == nullptr) return nullptr;
  view_ = {id, session->timeout_ms, session->owner, session->attach_count};
  return &view_;
}

std::vector<SessionView> MachineImpl::Sessions() const {
  std::vector<SessionView> views;
  views.reserve(sessions_.sessions().size());
  for (const auto& [id, session] : sessions_.sessions()) {
    views.push_back({id, session.timeout_ms, session.owner, session.attach_count});
  }
  return views;
}

std::vector<std::string> MachineImpl::EphemeralsOf(model::SessionId id) const {
  const session::Session* session = sessions_.Find(id);
  if (session == nullptr) return {};
  return {session->ephemerals.begin(), session->ephemerals.end()};
}

uint64_t MachineImpl::LastTicket(model::ServerId server, uint64_t incarnation) const {
  const TicketTable::Row row = tickets_.Find(server);
  return row.incarnation == incarnation ? row.last_ticket : 0;
}

uint64_t MachineImpl::Incarnation(model::ServerId server) const {
  return tickets_.Find(server).incarnation;
}

std::unique_ptr<Machine> CreateMachine(store::NodeStore* store, Founding founding,
                                       MemberRules rules) {
  return std::make_unique<MachineImpl>(store, std::move(founding), std::move(rules));
}

}  // namespace rookery::machine
