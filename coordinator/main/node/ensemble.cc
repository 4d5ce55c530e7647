// The ensemble as an administrator sees and changes it.
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/main/config/server_line.h"
#include "coordinator/main/node/node.h"

namespace rookery {
namespace {

// How long ago a server may have knocked to be let in now; it knocks every second.
constexpr int64_t kApplicantAgeUs = 10'000'000;

absl::Status NotLeading(const consensus::Status& status) {
  return absl::UnavailableError(
      status.leader == 0
          ? "there is no leader at the moment: try again"
          : absl::StrCat("this server does not lead: ask the leader, engine id ", status.leader));
}

// A row may name the port alone, which is one of the host that its peers use.
std::string ClientAddressOf(const consensus::MemberRow& row) {
  if (row.client_address.empty() || absl::StrContains(row.client_address, ':')) {
    return row.client_address;
  }
  return absl::StrCat(row.host, ":", row.client_address);
}

}  // namespace

service::EnsembleStatus Node::Status() const {
  service::EnsembleStatus out;
  out.server = options_.server_number;
  out.version = options_.version;
  out.ports = door_ports_;
  if (consensus_ == nullptr) return out;
  const consensus::Status status = consensus_->GetStatus();
  const consensus::MemberList members = Members();
  if (status.role == consensus::Role::kLeader) {
    out.state = service::ServerState::kLeading;
  } else if (status.leader != 0) {
    out.state = status.configuration.IsVoter(status.self) ? service::ServerState::kFollowing
                                                          : service::ServerState::kObserving;
  }
  out.serving = service_->Serving();
  if (const consensus::MemberRow* leader = members.Find(status.leader))
    out.leader = leader->server_number;
  out.term = status.term;
  out.zxid = machine_->last_zxid();
  out.applied_index = machine_->applied_index();
  out.commit_index = status.commit_index;
  out.first_index = status.first_index;
  out.digest = machine_->digest();
  const service::Statistics statistics = service_->GetStatistics();
  out.sessions = statistics.sessions;
  out.nodes = machine_->node_count();
  out.connections = statistics.connections;
  for (const consensus::MemberRow& row : members.rows) {
    service::EnsembleMember member;
    member.server = row.server_number;
    member.engine_id = row.engine_id;
    member.voter = row.role == consensus::MemberRole::kVoter;
    member.address = absl::StrCat(row.host, ":", row.quorum_port, ":", row.election_port);
    member.client_address = ClientAddressOf(row);
    member.connected = row.engine_id == status.self || hub_->IsConnected(row.engine_id);
    for (const consensus::Status::Peer& peer : status.peers) {
      if (peer.id == row.engine_id) member.matched_index = peer.matched_index;
    }
    if (row.engine_id == status.self) member.matched_index = status.durable_index;
    out.members.push_back(std::move(member));
  }
  return out;
}

const consensus::Applicant* Node::FindApplicant(
    uint32_t server, const std::vector<consensus::Applicant>& from) const {
  for (const consensus::Applicant& one : from) {
    if (one.line.number == server) return &one;
  }
  return nullptr;
}

void Node::Change(absl::StatusOr<consensus::MemberPlan> plan, OnEngineId done) {
  if (!plan.ok()) return done(plan.status());
  const absl::Status status = consensus_->ChangeMembers(plan->changes, plan->context);
  if (!status.ok()) return done(status);
  done(plan->engine_id);
}

void Node::AddMember(uint32_t server, std::string address, bool observer, OnEngineId done) {
  if (consensus_ == nullptr)
    return done(absl::UnavailableError("this server belongs to no ensemble yet"));
  const consensus::Status status = consensus_->GetStatus();
  if (!status.leader_ready) return done(NotLeading(status));
  absl::StatusOr<consensus::ServerLine> line = config::ParseServerLine(server, address);
  if (!line.ok()) return done(line.status());
  line->observer = observer;
  const std::vector<consensus::Applicant> applicants = hub_->Applicants(kApplicantAgeUs);
  const consensus::Applicant* applicant = FindApplicant(server, applicants);
  if (applicant == nullptr) {
    return done(absl::FailedPreconditionError(
        absl::StrCat("server ", server, " has not asked to be let in during the last ",
                     kApplicantAgeUs / 1'000'000,
                     " s: start it first, with server.N lines that name "
                     "this server, and try again")));
  }
  if (line->client_address.empty()) line->client_address = applicant->line.client_address;
  Change(consensus::PlanAdd(Members(), *line, applicant->disk_id, applicant->level),
         std::move(done));
}

void Node::RejoinMember(uint32_t server, OnEngineId done) {
  if (consensus_ == nullptr)
    return done(absl::UnavailableError("this server belongs to no ensemble yet"));
  const consensus::Status status = consensus_->GetStatus();
  if (!status.leader_ready) return done(NotLeading(status));
  const std::vector<consensus::Applicant> applicants = hub_->Applicants(kApplicantAgeUs);
  const consensus::Applicant* applicant = FindApplicant(server, applicants);
  if (applicant == nullptr) {
    return done(absl::FailedPreconditionError(
        absl::StrCat("server ", server, " has not asked to come back during the last ",
                     kApplicantAgeUs / 1'000'000,
                     " s: start it with its empty data directory first, "
                     "and try again")));
  }
  Change(consensus::PlanRejoin(Members(), server, applicant->disk_id, applicant->level),
         std::move(done));
}

void Node::TransferLeadership(uint32_t server, absl::AnyInvocable<void(absl::Status)> done) {
  if (consensus_ == nullptr)
    return done(absl::UnavailableError("this server belongs to no ensemble yet"));
  const consensus::Status status = consensus_->GetStatus();
  if (!status.leader_ready) return done(NotLeading(status));
  const consensus::MemberList members = Members();
  consensus::EngineId to = 0;
  uint64_t most = 0;
  for (const consensus::Status::Peer& peer : status.peers) {
    if (peer.id == status.self || !status.configuration.IsVoter(peer.id)) continue;
    const consensus::MemberRow* row = members.Find(peer.id);
    if (server != 0 && (row == nullptr || row->server_number != server)) continue;
    if (server == 0 && peer.matched_index <= most) continue;
    most = peer.matched_index;
    to = peer.id;
  }
  if (to == 0) {
    return done(absl::FailedPreconditionError(
        server == 0 ? std::string("there is no other voter")
                    : absl::StrCat("server ", server, " is no other voter of this ensemble")));
  }
  done(consensus_->Transfer(to));
}

}  // namespace rookery
