// Who belongs to the ensemble: the replicated member list, and how a change of the configuration
// carries its rows. The list is part of the replicated state: every server computes the same one
// from the founding list and the configuration items, and its encoding goes into checkpoints and
// digests.
//
//   founding:   MemberList list = founding list's rows, level 1           (peer/founding.h)
//   a change:   ChangeMembers(plan.changes, plan.context) on the leader   (PlanAdd, PlanRejoin,
//   ...) on apply:   ApplyConfiguration(&list, item.configuration, item.bytes) on every server
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/consensus/consensus.h"

namespace rookery::consensus {

enum class MemberRole : uint8_t {
  kVoter = 1,
  kLearner = 2,   // receives everything, counts for nothing, is to become a voter
  kObserver = 3,  // a learner that stays one
};

// What a person writes in the `server.N` line of a configuration file.
struct ServerLine {
  uint32_t number = 0;  // N, 1 to 255
  std::string host;     // name or literal, IPv6 without brackets
  uint16_t quorum_port = 0;
  uint16_t election_port = 0;
  bool observer = false;
  std::string client_address;  // "host:port", "port" or empty
  bool operator==(const ServerLine&) const = default;
};

struct MemberRow {
  EngineId engine_id = 0;
  uint32_t server_number = 0;  // N of server.N; at most one row has it
  MemberRole role = MemberRole::kVoter;
  std::string host;
  uint16_t quorum_port = 0;
  uint16_t election_port = 0;
  std::string client_address;
  uint64_t disk_id = 0;  // of the data directory that may speak for this member
  uint32_t level = 1;    // the highest level that this member knows
  bool operator==(const MemberRow&) const = default;
};

// Invariant: rows are sorted by engine id, ids and server numbers are unique, and every id is below
// next_engine_id.
struct MemberList {
  std::vector<MemberRow> rows;
  EngineId next_engine_id = 1;  // never given to anybody so far
  bool operator==(const MemberList&) const = default;

  // Null when there is none. Valid until the list changes.
  const MemberRow* Find(EngineId id) const;
  const MemberRow* FindServer(uint32_t server_number) const;
};

// Deterministic bytes (grammar in members.cc) and back. DataLoss says where decoding stopped.
std::string EncodeMemberList(const MemberList& list);
absl::StatusOr<MemberList> DecodeMemberList(absl::string_view bytes);

// The context of a configuration change: rows to add or to replace, by engine id.
std::string EncodeMemberContext(const std::vector<MemberRow>& rows);
absl::StatusOr<std::vector<MemberRow>> DecodeMemberContext(absl::string_view bytes);

// Brings the list up to a kConfiguration item: puts the rows of `context` (may be empty, as when a
// joint configuration is left), then drops every row that `configuration` contains in neither half,
// and takes voter or learner from it (a row is a voter while either half has it as one). So a
// member that leaves keeps its row until the joint configuration is left, and a change that was
// refused at apply changes nothing. DataLoss: `context` is not ours; the list then is unchanged, on
// every server alike.
absl::Status ApplyConfiguration(MemberList* list, const Configuration& configuration,
                                absl::string_view context);

// An ordinary log entry about members that exist (level, client address, a moved host): replaces
// the rows of `context` (EncodeMemberContext) whose engine id the list has, keeping their role and
// disk id; others are ignored. DataLoss as above.
absl::Status UpdateMembers(MemberList* list, absl::string_view context);

// Deterministic bytes of a configuration and back.
std::string EncodeConfiguration(const Configuration& configuration);
absl::StatusOr<Configuration> DecodeConfiguration(absl::string_view bytes);

// Where a configuration file says something else than the member list, which wins: one line each,
// for the log at start.
std::vector<std::string> CompareWithLines(const MemberList& list,
                                          const std::vector<ServerLine>& lines);

// What to hand to Consensus::ChangeMembers.
struct MemberPlan {
  std::vector<MemberChange> changes;
  std::string context;
  EngineId engine_id = 0;  // of the member that the plan is about
};

// Plans for `rookery ensemble ...`. FailedPrecondition names what is in the way and what to do.
// A server without a row becomes a learner (or an observer) under the next engine id.
absl::StatusOr<MemberPlan> PlanAdd(const MemberList& list, const ServerLine& line, uint64_t disk_id,
                                   uint32_t level);
// A server whose data directory was lost or replaced comes back under a new engine id, as a
// learner; its old id leaves in the same (joint) change.
absl::StatusOr<MemberPlan> PlanRejoin(const MemberList& list, uint32_t server_number,
                                      uint64_t disk_id, uint32_t level);
// A learner that has caught up becomes a voter.
absl::StatusOr<MemberPlan> PlanPromote(const MemberList& list, EngineId id);
absl::StatusOr<MemberPlan> PlanRemove(const MemberList& list, uint32_t server_number);

}  // namespace rookery::consensus
