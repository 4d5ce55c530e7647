// Ephemeral nodes live exactly as long as their session: they go with its close or expiry and at no
// other time, unless somebody deletes them. And no session is ended that was heard in time.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using model::SessionId;
using model::ToHex;
using model::Zxid;

// The leader knows of a session what reports say, and a report what was heard before it. So what a
// client has shown last may be unknown when its server falls silent: its heartbeat before that, a
// third of the timeout earlier at most, was reported within this time. And clocks may run apart.
constexpr int64_t kReportUs = 600'000;
constexpr double kTimeoutShare = 0.9 - 1.0 / 3;
// The grace begins when the connection ends, behind everything that came over it; of it only the
// clocks take away.
constexpr double kGraceShare = 0.9;

class Ephemerals {
 public:
  explicit Ephemerals(const History& history) : history_(history), writes_(WritesOf(history)) {
    for (const SessionTurn& turn : history.session_turns) {
      if (turn.kind == SessionTurn::Kind::kClosed || turn.kind == SessionTurn::Kind::kExpired) {
        ended_.emplace(turn.session, turn.zxid);
      } else {
        timeouts_ms_[turn.session] = turn.timeout_ms;
      }
    }
    for (const Call& call : history.calls) {
      const auto* write = std::get_if<model::WriteOperation>(&call.operation);
      if (write == nullptr || !call.ok() || !call.answered()) continue;
      if (std::holds_alternative<model::CloseSessionRequest>(*write)) {
        ended_.emplace(call.session, call.zxid);
      }
    }
    for (const Write& write : writes_) {
      if (write.kind == Write::Kind::kDelete) deleted_.insert(write.path);
    }
    for (const Changed& changed : history.changed) {
      if (changed.kind == model::Change::Kind::kDeleted) {
        deletions_[changed.path].push_back(changed.zxid);
      }
    }
  }

  Violations Check() {
    for (const Write& write : writes_) {
      if (write.kind == Write::Kind::kCreate && write.ephemeral && write.certain) {
        CheckNotBefore(write);
      }
    }
    for (const Sight& sight : SightsOf(history_)) {
      if (sight.stat == nullptr || sight.stat->ephemeral_owner == 0) continue;
      const auto end = ended_.find(sight.stat->ephemeral_owner);
      if (end != ended_.end() && sight.zxid >= end->second) {
        out_.push_back(absl::StrCat(sight.path, " outlived its session ", ToHex(end->first),
                                    ", which ended at ", ToHex(end->second), ": ",
                                    ToText(*sight.call)));
      }
    }
    for (const FinalState& state : history_.final_states) CheckFinal(state);
    for (const SessionTurn& turn : history_.session_turns) {
      if (turn.kind == SessionTurn::Kind::kExpired) CheckExpiry(turn);
    }
    return std::move(out_);
  }

 private:
  void CheckNotBefore(const Write& create) {
    const SessionId session = create.call->session;
    const auto end = ended_.find(session);
    const auto at = deletions_.find(create.path);
    if (at == deletions_.end() || deleted_.contains(create.path)) return;
    for (const Zxid zxid : at->second) {
      if (zxid < create.zxid) continue;
      if (end != ended_.end() && end->second == zxid) return;
      out_.push_back(
          absl::StrCat(create.path, " of ", ToText(*create.call), " went at ", ToHex(zxid),
                       ", when its session ", ToHex(session),
                       end == ended_.end()
                           ? " lived"
                           : absl::StrCat(" had not ended with it, but at ", ToHex(end->second))));
      return;
    }
  }

  void CheckFinal(const FinalState& state) {
    for (const auto& [path, node] : state.nodes) {
      const SessionId owner = node.stat.ephemeral_owner;
      if (owner == 0) continue;
      const auto end = ended_.find(owner);
      const bool gone = end != ended_.end() && end->second <= state.zxid;
      const bool unknown =
          state.sessions.has_value() &&
          std::find(state.sessions->begin(), state.sessions->end(), owner) == state.sessions->end();
      if (gone || unknown) {
        out_.push_back(absl::StrCat("server ", state.server, " was left with ", path,
                                    " of session ", ToHex(owner), ", which has ended"));
      }
    }
    if (!state.sessions.has_value()) return;
    for (const Write& write : writes_) {
      if (write.kind != Write::Kind::kCreate || !write.ephemeral || !write.certain) continue;
      const SessionId session = write.call->session;
      if (std::find(state.sessions->begin(), state.sessions->end(), session) ==
              state.sessions->end() ||
          deleted_.contains(write.path) || state.zxid < write.zxid ||
          state.nodes.contains(write.path)) {
        continue;
      }
      out_.push_back(absl::StrCat("server ", state.server, " has lost ", write.path, " of ",
                                  ToText(*write.call), ", whose session lives"));
    }
  }

  // A committed write shows that the client lived, and so does an attach.
  void CheckExpiry(const SessionTurn& turn) {
    const auto timeout = timeouts_ms_.find(turn.session);
    if (timeout == timeouts_ms_.end()) return;
    auto least_us =
        static_cast<int64_t>(static_cast<double>(timeout->second) * 1000 * kTimeoutShare) -
        kReportUs;
    if (turn.grace_ms > 0 && !Connected(turn)) {
      least_us = std::min(
          least_us, static_cast<int64_t>(static_cast<double>(turn.grace_ms) * 1000 * kGraceShare));
    }
    const auto expired = [&](int64_t alive_us, absl::string_view after) {
      if (turn.at_us >= alive_us + least_us) return false;
      out_.push_back(absl::StrCat(
          "session ", ToHex(turn.session), " with a timeout of ", timeout->second, " ms",
          turn.grace_ms == 0 ? "" : absl::StrCat(" and a grace of ", turn.grace_ms, " ms"),
          " expired ", (turn.at_us - alive_us) / 1000, " ms after ", after));
      return true;
    };
    for (const Call& call : history_.calls) {
      if (call.session != turn.session || !call.answered() || !IsWrite(call.operation)) continue;
      if (call.zxid < turn.zxid && expired(call.invoked_us, ToText(call))) return;
    }
    for (const SessionTurn& before : history_.session_turns) {
      if (before.session != turn.session || before.order >= turn.order) continue;
      if (expired(before.at_us, "its attach")) return;
    }
  }

  // The client takes itself for connected, and has not ended any connection of the session since it
  // is: nobody else's word counts for the grace.
  bool Connected(const SessionTurn& turn) const {
    Order connected = 0;
    Order ended = 0;
    for (const SessionChange& change : history_.sessions) {
      if (change.session != turn.session || change.order >= turn.order) continue;
      if (change.state == client::SessionState::kConnected) connected = change.order;
      if (change.state != client::SessionState::kConnected) ended = change.order;
    }
    for (const Left& left : history_.left) {
      if (left.session == turn.session && left.order < turn.order) {
        ended = std::max(ended, left.order);
      }
    }
    return connected > ended;
  }

  const History& history_;
  const std::vector<Write> writes_;
  std::map<SessionId, Zxid> ended_;
  std::map<SessionId, int32_t> timeouts_ms_;
  std::set<std::string> deleted_;  // by a client, perhaps
  std::map<std::string, std::vector<Zxid>> deletions_;
  Violations out_;
};

}  // namespace

Violations CheckEphemerals(const History& history) { return Ephemerals(history).Check(); }

}  // namespace rookery::sim
