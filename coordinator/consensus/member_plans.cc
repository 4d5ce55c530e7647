#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coordinator/consensus/members.h"

namespace rookery::consensus {
namespace {

size_t Voters(const MemberList& list) {
  return static_cast<size_t>(
      std::count_if(list.rows.begin(), list.rows.end(),
                    [](const MemberRow& row) { return row.role == MemberRole::kVoter; }));
}

absl::Status NoServer(uint32_t server_number) {
  return absl::FailedPreconditionError(absl::StrCat(
      "server.", server_number,
      " has no row in the member list: expected a member's number, see 'rookery status'"));
}

}  // namespace

std::vector<std::string> CompareWithLines(const MemberList& list,
                                          const std::vector<ServerLine>& lines) {
  std::vector<std::string> differences;
  for (const ServerLine& line : lines) {
    const MemberRow* row = list.FindServer(line.number);
    if (row == nullptr) {
      differences.push_back(absl::StrCat("server.", line.number, " is no member"));
    } else if (row->host != line.host || row->quorum_port != line.quorum_port ||
               row->election_port != line.election_port) {
      differences.push_back(absl::StrCat("server.", line.number, " is ", line.host, ":",
                                         line.quorum_port, ":", line.election_port,
                                         " in the file and ", row->host, ":", row->quorum_port, ":",
                                         row->election_port, " in the member list"));
    } else if ((row->role == MemberRole::kObserver) != line.observer) {
      differences.push_back(absl::StrCat("server.", line.number, " is ",
                                         line.observer ? "an observer" : "no observer",
                                         " in the file, otherwise in the member list"));
    }
  }
  for (const MemberRow& row : list.rows) {
    const bool named = std::any_of(lines.begin(), lines.end(), [&](const ServerLine& line) {
      return line.number == row.server_number;
    });
    if (!named) {
      differences.push_back(
          absl::StrCat("server.", row.server_number, " is a member and not in the file"));
    }
  }
  return differences;
}

absl::StatusOr<MemberPlan> PlanAdd(const MemberList& list, const ServerLine& line, uint64_t disk_id,
                                   uint32_t level) {
  if (const MemberRow* row = list.FindServer(line.number)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "server.", line.number, " is a member already, as engine id ", row->engine_id,
        row->disk_id == disk_id ? "" : ": use 'rookery ensemble rejoin' for a replaced disk"));
  }
  MemberRow row;
  row.engine_id = list.next_engine_id;
  row.server_number = line.number;
  row.role = line.observer ? MemberRole::kObserver : MemberRole::kLearner;
  row.host = line.host;
  row.quorum_port = line.quorum_port;
  row.election_port = line.election_port;
  row.client_address = line.client_address;
  row.disk_id = disk_id;
  row.level = level;
  MemberPlan plan;
  plan.engine_id = row.engine_id;
  plan.changes = {{MemberChange::Kind::kAddLearner, row.engine_id}};
  plan.context = EncodeMemberContext({row});
  return plan;
}

absl::StatusOr<MemberPlan> PlanRejoin(const MemberList& list, uint32_t server_number,
                                      uint64_t disk_id, uint32_t level) {
  const MemberRow* old = list.FindServer(server_number);
  if (old == nullptr) return NoServer(server_number);
  if (old->disk_id == disk_id) {
    return absl::FailedPreconditionError(
        absl::StrCat("server.", server_number,
                     " runs on the disk that the member list names: there is nothing to rejoin"));
  }
  if (old->role == MemberRole::kVoter && Voters(list) == 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("server.", server_number,
                     " is the only voter: its data is the ensemble's; use 'rookery "
                     "restore'"));
  }
  MemberRow row = *old;
  row.engine_id = list.next_engine_id;
  if (row.role == MemberRole::kVoter) row.role = MemberRole::kLearner;
  row.disk_id = disk_id;
  row.level = level;
  MemberPlan plan;
  plan.engine_id = row.engine_id;
  plan.changes = {{MemberChange::Kind::kRemove, old->engine_id},
                  {MemberChange::Kind::kAddLearner, row.engine_id}};
  plan.context = EncodeMemberContext({row});
  return plan;
}

absl::StatusOr<MemberPlan> PlanPromote(const MemberList& list, EngineId id) {
  const MemberRow* row = list.Find(id);
  if (row == nullptr || row->role != MemberRole::kLearner) {
    return absl::FailedPreconditionError(
        absl::StrCat("engine id ", id, row == nullptr ? " is no member" : " is no learner",
                     ": expected a learner that has caught up"));
  }
  return MemberPlan{{{MemberChange::Kind::kAddVoter, id}}, "", id};
}

absl::StatusOr<MemberPlan> PlanRemove(const MemberList& list, uint32_t server_number) {
  const MemberRow* row = list.FindServer(server_number);
  if (row == nullptr) return NoServer(server_number);
  if (row->role == MemberRole::kVoter && Voters(list) == 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("server.", server_number, " is the only voter: add another one first"));
  }
  return MemberPlan{{{MemberChange::Kind::kRemove, row->engine_id}}, "", row->engine_id};
}

}  // namespace rookery::consensus
