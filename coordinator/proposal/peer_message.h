// What servers tell each other beside consensus: wishes for the log, and who was heard. Carried by
// Consensus::SendToPeer, in order while a connection lasts, and lost with it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/ids.h"

namespace rookery::proposal {

// Any server to the leader: requests with consecutive tickets (wire::EncodeWriteRequest).
struct Forward {
  uint64_t incarnation = 0;
  uint64_t first_ticket = 0;
  uint64_t attempt = 0;  // grows whenever the sender goes back; echoed by Cursor
  std::vector<absl::string_view> requests;
};
// The leader's answer to each Forward: what it has put into its log of this server's tickets.
struct Cursor {
  uint64_t term = 0;
  uint64_t incarnation = 0;
  uint64_t attempt = 0;
  uint64_t last_ticket = 0;
  bool go_back = false;  // something was not taken: send again from last_ticket + 1
};
// Any server to the leader: an entry that is not a client's request (a grant, a member row), as
// wire::EncodeLogEntry without a time. Asked again until it is seen applied.
struct Wish {
  std::string entry;
};
// Any server to the leader: when each session of its connections was last heard. Complete: every
// session that is connected there, and those that left since the last report that was taken.
struct Report {
  struct Session {
    model::SessionId session = 0;
    int64_t idle_ms = 0;  // since it was heard, when the report was made
  };
  // Something that happened to a session under an attach, told in every report that it is true for.
  struct Sign {
    model::SessionId session = 0;
    uint64_t attach_count = 0;
    int64_t ago_ms = 0;  // when the report was made
    bool operator==(const Sign&) const = default;
  };
  uint64_t sequence = 0;
  uint64_t round = 0;  // the newest RoundCall that this report answers, 0: none
  // Entries that its server had applied, so whose attaches it knew of; 0: it does not say, as
  // builds from before this do not.
  uint64_t applied_index = 0;
  std::vector<Session> sessions;
  std::vector<Sign> ended;      // the client's side ended the connection, and counts as gone
  std::vector<Sign> attempted;  // a client asked for the session, in vain or not
};
// The leader's answer to each Report: contact.
struct ReportTaken {
  uint64_t term = 0;
  uint64_t sequence = 0;
  uint64_t commit_index = 0;  // of the leader when it answered
};
// The leader to every server: report now.
struct RoundCall {
  uint64_t term = 0;
  uint64_t round = 0;
};

using PeerMessage = std::variant<Forward, Cursor, Wish, Report, ReportTaken, RoundCall>;

std::string EncodePeerMessage(const PeerMessage& message);
// Views point into `bytes`. DataLoss: not one of these messages.
absl::StatusOr<PeerMessage> DecodePeerMessage(absl::string_view bytes);

}  // namespace rookery::proposal
