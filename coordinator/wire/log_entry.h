// Log entries: values <-> bytes, our own encoding (never serialized protobuf, since digests and
// replicas depend on it). The grammar stands in log_entry.cc; every entry begins with the level of
// the encoding.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/request.h"

namespace rookery::wire {

// Consecutive tickets of one server.
struct TicketRun {
  model::ServerId server = 0;
  uint64_t incarnation = 0;
  uint64_t first_ticket = 0;
  std::vector<model::WriteRequest> requests;
  bool operator==(const TicketRun&) const = default;
};
struct Batch {  // what clients want
  std::vector<TicketRun> runs;
  bool operator==(const Batch&) const = default;
};
struct GrantIncarnation {  // machine: previous + 1; the same number for the same nonce
  model::ServerId server = 0;
  uint64_t nonce = 0;
  bool operator==(const GrantIncarnation&) const = default;
};
struct ExpireSessions {  // the leader's; each a no-op if the session was attached again since
  struct One {
    model::SessionId session = 0;
    uint64_t attach_count = 0;
    bool operator==(const One&) const = default;
  };
  std::vector<One> sessions;
  bool operator==(const ExpireSessions&) const = default;
};
struct Preload {  // creates what is missing of a list of paths (null data, open ACL), once per
                  // ensemble
  std::vector<std::string> paths;
  bool operator==(const Preload&) const = default;
};
struct DeleteContainers {  // the leader's; each a no-op if it is not what the leader saw any more
  struct One {
    std::string path;
    // Had children and has none. Otherwise: never had one, and was last written then.
    bool used = true;
    int64_t mtime_ms = 0;
    bool operator==(const One&) const = default;
  };
  std::vector<One> containers;
  bool operator==(const DeleteContainers&) const = default;
};
struct SetMemberRow {  // bytes of consensus/members.h
  std::string row;
  bool operator==(const SetMemberRow&) const = default;
};

struct LogEntry {
  int64_t time_ms = 0;  // the leader's wall clock
  std::variant<Batch, GrantIncarnation, ExpireSessions, Preload, SetMemberRow, DeleteContainers>
      body;
  bool operator==(const LogEntry&) const = default;
};

std::string EncodeLogEntry(const LogEntry& entry);
// DataLoss: not an entry; Unimplemented: an entry of a level above this build's.
absl::StatusOr<LogEntry> DecodeLogEntry(absl::string_view bytes);

// One WriteRequest alone: what servers forward to the leader, who puts the bytes into an entry as
// they are. EncodeBatchEntry builds the bytes of a Batch entry from already encoded requests
// without decoding them.
std::string EncodeWriteRequest(const model::WriteRequest& request);
absl::StatusOr<model::WriteRequest> DecodeWriteRequest(absl::string_view bytes);
struct EncodedRun {
  model::ServerId server = 0;
  uint64_t incarnation = 0;
  uint64_t first_ticket = 0;
  std::vector<absl::string_view> requests;
};
std::string EncodeBatchEntry(int64_t time_ms, const std::vector<EncodedRun>& runs);

}  // namespace rookery::wire
