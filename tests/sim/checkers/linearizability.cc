// Writes and linearizable reads took effect one after another, each between its question and its
// answer.
//
// Zxids say the order that the servers claim. So two things are asked of every history: that this
// order agrees with time, and that there is a way to fit in the writes whose clients were not told
// the outcome, so that every answer, also of plain reads, is what the state at its zxid gives
// (order_search.h). Nodes that are part of one multi are searched together.
#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/checkers/order_search.h"
#include "tests/sim/checkers/register_ops.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

struct Timed {
  const Call* call;
  Order invoked;  // of a read behind a sync: that of the sync
};

// Reads that must show all that was answered before they were asked.
void AddSyncedReads(const History& history, std::vector<Timed>* out) {
  std::map<uint32_t, std::vector<Order>> changes;
  for (const SessionChange& change : history.sessions) {
    changes[change.client].push_back(change.order);
  }
  for (const auto& [session, calls] : BySession(history)) {
    const Call* sync = nullptr;
    for (const Call* call : calls) {
      const auto* read = std::get_if<model::ReadOperation>(&call->operation);
      if (read != nullptr && std::holds_alternative<model::SyncRequest>(*read)) {
        sync = call->ok() ? call : nullptr;
        continue;
      }
      if (read == nullptr || sync == nullptr || sync->server != call->server) continue;
      // On the same connection?
      const auto& mine = changes[call->client];
      const auto next = std::upper_bound(mine.begin(), mine.end(), sync->invoked);
      if (next != mine.end() && *next < call->returned) continue;
      out->push_back({call, sync->invoked});
    }
  }
}

void CheckTime(const History& history, Violations* out) {
  std::vector<Timed> timed;
  for (const Call& call : history.calls) {
    if (!call.answered()) continue;
    if (IsWrite(call.operation) || call.linearizable) timed.push_back({&call, call.invoked});
  }
  AddSyncedReads(history, &timed);
  // By zxid; a read behind the write whose zxid it carries.
  const auto rank = [](const Timed& one) { return IsWrite(one.call->operation) ? 0 : 1; };
  std::stable_sort(timed.begin(), timed.end(), [&](const Timed& a, const Timed& b) {
    return std::pair(a.call->zxid, rank(a)) < std::pair(b.call->zxid, rank(b));
  });
  const Timed* latest = nullptr;  // of those before, the one that was asked last
  for (const Timed& one : timed) {
    // What carries the same zxid as reads do may stand in any order.
    if (latest != nullptr && latest->call->zxid < one.call->zxid &&
        one.call->returned < latest->invoked) {
      out->push_back(absl::StrCat(
          ToText(*latest->call), rank(*latest) == 0 ? "" : " (a read that must be fresh)",
          " was asked after the answer of ", ToText(*one.call), ", and does not show it"));
    }
    if (latest == nullptr || one.invoked > latest->invoked) latest = &one;
  }
}

}  // namespace

Violations CheckLinearizability(const History& history) {
  Searches searches;
  return CheckLinearizability(history, &searches);
}

Violations CheckLinearizability(const History& history, Searches* searches) {
  Violations out;
  CheckTime(history, &out);
  for (const RegisterGroup& group : GroupRegisters(history)) {
    if (group.known.empty()) continue;
    const OrderFound found = SearchOrder(group);
    ++searches->made;
    if (found.gave_up) ++searches->given_up;
    if (found.stuck == nullptr) continue;
    const RegisterOp& stuck = *found.stuck;
    out.push_back(absl::StrCat(
        stuck.call != nullptr
            ? ToText(*stuck.call)
            : absl::StrCat("how ", group.paths[stuck.steps[0].node], " was shown at ",
                           model::ToHex(stuck.zxid), ", version ", stuck.steps[0].stat->version),
        " fits to no order of the writes before it"));
  }
  return out;
}

}  // namespace rookery::sim
