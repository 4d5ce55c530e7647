// Writes and linearizable reads took effect one after another, each between its question and its
// answer (Wing and Gong's search, with Lowe's memory of what was tried).
//
// Zxids say the order that the servers claim. So two things are asked of every history: that this
// order agrees with time, and that there is a way to fit in the writes whose clients were not told
// the outcome, so that every answer, also of plain reads, is what the state at its zxid gives.
// Nodes that are part of one multi are searched together.
#include <xxhash.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/checkers/register_ops.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

// Steps of the search in one group. A history that needs more is not judged; with a dozen unknown
// outcomes some thousands are enough.
constexpr size_t kStepsMax = 300'000;

// --- the order of zxids and time

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

// --- the search

// 0: not known.
uint64_t HashOf(const model::Data* data) {
  if (data == nullptr) return 0;
  return data->has_value() ? XXH3_64bits((*data)->data(), (*data)->size()) | 1 : 2;
}

class Search {
 public:
  explicit Search(const RegisterGroup& group)
      : group_(group),
        used_(group.perhaps.size()),
        from_(group.perhaps.size()),
        kind_(group.perhaps.size()) {
    std::map<std::vector<int64_t>, size_t> kinds;
    // A write takes effect after everything that was answered before it was asked.
    for (size_t i = 0; i < group.perhaps.size(); ++i) {
      for (size_t at = 0; at < group.known.size(); ++at) {
        const Call* call = group.known[at].call;
        const bool fixed =
            call != nullptr && call->answered() && (IsWrite(call->operation) || call->linearizable);
        if (fixed && call->returned < group.perhaps[i].call->invoked) from_[i] = at + 1;
      }
      std::vector<int64_t> key;
      for (const RegisterStep& step : group.perhaps[i].steps) {
        key.insert(key.end(), {static_cast<int64_t>(step.kind), static_cast<int64_t>(step.node),
                               step.expected_version, static_cast<int64_t>(HashOf(step.data))});
      }
      kind_[i] = kinds.emplace(std::move(key), kinds.size()).first->second;
    }
  }

  bool Run() { return From(0, std::vector<RegisterState>(group_.paths.size())); }
  bool gave_up() const { return steps_ > kStepsMax; }
  // How far it came, and what it found there.
  const RegisterOp& stuck() const { return group_.known[deepest_]; }

 private:
  // The rest of the known operations, from `at` on, fits to `states`.
  bool From(size_t at, std::vector<RegisterState> states) {
    while (true) {
      if (++steps_ > kStepsMax) return false;
      deepest_ = std::max(deepest_, at);
      if (at == group_.known.size()) {
        deepest_ = at - 1;
        return true;
      }
      // Where nothing can be fitted in there is nothing to come back to.
      if (!CanInsert(at)) {
        if (!Apply(group_.known[at], &states)) return false;
        ++at;
        continue;
      }
      break;
    }
    if (!tried_.insert(KeyOf(at, states)).second) return false;
    std::vector<RegisterState> next = states;
    if (Apply(group_.known[at], &next) && From(at + 1, std::move(next))) return true;
    // One of each kind: nobody has seen what they wrote, so that one is as good as another.
    std::set<size_t> kinds;
    for (size_t i = 0; i < group_.perhaps.size(); ++i) {
      if (!MayStand(i, at) || !kinds.insert(kind_[i]).second) continue;
      next = states;
      if (!Apply(group_.perhaps[i], &next)) continue;  // it was refused then, and did nothing
      used_[i] = true;
      if (From(at, std::move(next))) return true;
      used_[i] = false;
    }
    return false;
  }

  // Fitting in earlier makes no difference to an operation on other nodes.
  bool MayStand(size_t perhaps, size_t at) const {
    if (used_[perhaps] || at < from_[perhaps]) return false;
    for (const RegisterStep& a : group_.perhaps[perhaps].steps) {
      for (const RegisterStep& b : group_.known[at].steps) {
        if (a.node == b.node) return true;
      }
    }
    return false;
  }
  bool CanInsert(size_t at) const {
    for (size_t i = 0; i < group_.perhaps.size(); ++i) {
      if (MayStand(i, at)) return true;
    }
    return false;
  }

  uint64_t KeyOf(size_t at, const std::vector<RegisterState>& states) const {
    std::vector<uint64_t> parts = {at};
    std::map<size_t, uint64_t> counts;
    for (size_t i = 0; i < used_.size(); ++i) {
      if (used_[i]) ++counts[kind_[i]];
    }
    for (const auto& [kind, count] : counts) parts.push_back(kind << 32 | count);
    for (const RegisterState& state : states) {
      parts.push_back(static_cast<uint64_t>(state.version) * 2 + (state.present ? 1 : 0));
      parts.push_back(static_cast<uint64_t>(state.mzxid));
      parts.push_back(reinterpret_cast<uintptr_t>(state.data));
    }
    return XXH3_64bits(parts.data(), parts.size() * sizeof parts[0]);
  }

  const RegisterGroup& group_;
  std::vector<bool> used_;    // which of `perhaps` are fitted in
  std::vector<size_t> from_;  // of `perhaps`: the first known operation it may stand before
  std::vector<size_t> kind_;  // of `perhaps`: those of one kind do the same
  std::unordered_set<uint64_t> tried_;
  size_t steps_ = 0;
  size_t deepest_ = 0;
};

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
    Search search(group);
    ++searches->made;
    if (search.Run()) continue;
    if (search.gave_up()) {
      ++searches->given_up;
      continue;
    }
    const RegisterOp& stuck = search.stuck();
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
