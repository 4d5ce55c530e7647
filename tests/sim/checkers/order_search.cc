#include "tests/sim/checkers/order_search.h"

#include <xxhash.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>

#include "tests/sim/checkers/facts.h"

namespace rookery::sim {
namespace {

// Steps of the search in one group, beside those through its known operations. A history that needs
// more is not judged; with a dozen unknown outcomes some thousands are enough.
constexpr size_t kStepsMax = 300'000;

// 0: not known.
uint64_t HashOf(const model::Data* data) {
  if (data == nullptr) return 0;
  return data->has_value() ? XXH3_64bits((*data)->data(), (*data)->size()) | 1 : 2;
}

// One step, and if it deletes, then whatever is there.
bool IsPlain(const RegisterOp& op) {
  const RegisterStep& step = op.steps.front();
  return op.steps.size() == 1 &&
         (step.kind != RegisterStep::Kind::kDelete || step.expected_version == -1);
}

// What fits to least else is tried first.
int RankOf(const RegisterOp& op) {
  const RegisterStep& step = op.steps.front();
  if (op.steps.size() > 1) return 1;
  if (step.kind == RegisterStep::Kind::kSetData) return step.expected_version != -1 ? 0 : 1;
  return step.kind == RegisterStep::Kind::kCreate ? 2 : 3;
}

// The version of a node that the operation must find, if it says so.
std::optional<int32_t> FoundBy(const RegisterOp& op, size_t node) {
  if (op.fails) return std::nullopt;
  for (const RegisterStep& step : op.steps) {
    if (step.node != node) continue;
    const bool sets = step.kind == RegisterStep::Kind::kSetData;
    const bool reads = step.kind == RegisterStep::Kind::kRead;
    if (step.error != model::ErrorCode::kOk || step.kind == RegisterStep::Kind::kCreate) break;
    if (step.stat != nullptr && (sets || reads)) return step.stat->version - (sets ? 1 : 0);
    if (!reads && step.expected_version != -1) return step.expected_version;
    break;
  }
  return std::nullopt;
}

// 0: it does not say.
model::Zxid LastWriteSeenBy(const RegisterOp& op, size_t node) {
  const RegisterStep& step = op.steps.front();
  const bool seen = step.kind == RegisterStep::Kind::kRead && step.stat != nullptr;
  return seen && step.node == node ? step.stat->mzxid : 0;
}

class Search {
 public:
  explicit Search(const RegisterGroup& group)
      : group_(group),
        used_(group.perhaps.size()),
        from_(group.perhaps.size()),
        kind_(group.perhaps.size()),
        order_(group.perhaps.size()),
        steps_max_(kStepsMax + 2 * group.known.size()),
        plain_(std::all_of(group.perhaps.begin(), group.perhaps.end(), IsPlain)) {
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
    std::iota(order_.begin(), order_.end(), size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](size_t a, size_t b) {
      return RankOf(group.perhaps[a]) < RankOf(group.perhaps[b]);
    });
  }

  // Its own stack of forks: a long history has more of them than the thread's stack would hold.
  bool Run() {
    size_t at = 0;
    std::vector<RegisterState> states(group_.paths.size());
    while (true) {
      const Stop stop = GoOn(&at, &states);
      if (stop == Stop::kEnd) return true;
      if (stop == Stop::kFork) {
        Fork fork{.at = at, .states = std::move(states)};
        if (!forks_.empty() && forks_.back().at == at) fork.behind = forks_.back().fitted;
        if (tried_.insert(KeyOf(fork)).second) forks_.push_back(std::move(fork));
      }
      while (!gave_up() && !forks_.empty() && !NextWay(&forks_.back(), &at, &states)) {
        forks_.pop_back();
      }
      if (gave_up() || forks_.empty()) return false;
    }
  }
  bool gave_up() const { return steps_ > steps_max_; }
  // How far it came, and what it found there.
  const RegisterOp& stuck() const { return group_.known[deepest_]; }

 private:
  enum class Stop { kEnd, kFork, kMisfit };
  // A place from which there is more than one way: to the next known operation, or by one of
  // `perhaps` before it.
  struct Fork {
    size_t at = 0;
    std::vector<RegisterState> states;
    std::optional<size_t> behind = {};  // of `perhaps`: it was fitted in here just before
    bool went_on = false;               // the way without any was taken
    size_t next = 0;                    // of `order_`, to be looked at
    std::set<size_t> kinds;             // of those before
    std::optional<size_t> fitted = {};  // the one that is in use on the way taken now
  };

  // Through known operations to the next fork, the end, or one that does not fit. Where nothing can
  // be fitted in there is nothing to come back to.
  Stop GoOn(size_t* at, std::vector<RegisterState>* states) {
    while (true) {
      if (++steps_ > steps_max_) return Stop::kMisfit;
      deepest_ = std::max(deepest_, *at);
      if (*at == group_.known.size()) {
        deepest_ = *at - 1;
        return Stop::kEnd;
      }
      if (CanInsert(*at)) return Stop::kFork;
      if (!Apply(group_.known[*at], states)) return Stop::kMisfit;
      ++*at;
    }
  }

  // False: none is left. Otherwise where it leads to.
  bool NextWay(Fork* fork, size_t* at, std::vector<RegisterState>* states) {
    if (fork->fitted.has_value()) used_[*fork->fitted] = false;
    fork->fitted.reset();
    if (!std::exchange(fork->went_on, true)) {
      *states = fork->states;
      *at = fork->at + 1;
      if (Apply(group_.known[fork->at], states)) return true;
    }
    // One of each kind: nobody has seen what they wrote, so that one is as good as another.
    while (fork->next < order_.size()) {
      const size_t one = order_[fork->next++];
      if (!MayStand(one, fork->at) || !fork->kinds.insert(kind_[one]).second) continue;
      if (plain_ && IsIdle(one, *fork)) continue;
      *states = fork->states;
      *at = fork->at;
      // What does not fit was refused then, and did nothing.
      if (!Apply(group_.perhaps[one], states)) continue;
      used_[one] = true;
      fork->fitted = one;
      return true;
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

  // Whether all is as well without it, or without what was fitted in just before it: nobody needs
  // what a delete undoes, nor a version above the one that is found next, since only a delete leads
  // back from there; nor anything behind a write that is still to be seen as the last one.
  bool IsIdle(size_t perhaps, const Fork& fork) const {
    const RegisterStep& step = group_.perhaps[perhaps].steps.front();
    const RegisterOp& next = group_.known[fork.at];
    const RegisterState& state = fork.states[step.node];
    if (state.mzxid != 0 && state.mzxid == LastWriteSeenBy(next, step.node)) return true;
    if (step.kind == RegisterStep::Kind::kSetData) {
      const std::optional<int32_t> found = FoundBy(next, step.node);
      return found.has_value() && state.version >= *found;
    }
    if (step.kind != RegisterStep::Kind::kDelete || !fork.behind.has_value()) return false;
    return group_.perhaps[*fork.behind].steps.front().node == step.node;
  }

  uint64_t KeyOf(const Fork& fork) const {
    std::vector<uint64_t> parts = {fork.at, fork.behind.has_value() ? kind_[*fork.behind] + 1 : 0};
    std::map<size_t, uint64_t> counts;
    for (size_t i = 0; i < used_.size(); ++i) {
      if (used_[i]) ++counts[kind_[i]];
    }
    for (const auto& [kind, count] : counts) parts.push_back(kind << 32 | count);
    for (const RegisterState& state : fork.states) {
      parts.push_back(static_cast<uint64_t>(state.version) * 2 + (state.present ? 1 : 0));
      parts.push_back(static_cast<uint64_t>(state.mzxid));
      parts.push_back(static_cast<uint64_t>(state.after));
      parts.push_back(reinterpret_cast<uintptr_t>(state.data));
    }
    return XXH3_64bits(parts.data(), parts.size() * sizeof parts[0]);
  }

  const RegisterGroup& group_;
  std::vector<bool> used_;     // which of `perhaps` are fitted in
  std::vector<size_t> from_;   // of `perhaps`: the first known operation it may stand before
  std::vector<size_t> kind_;   // of `perhaps`: those of one kind do the same
  std::vector<size_t> order_;  // `perhaps` as they are tried
  const size_t steps_max_;
  const bool plain_;         // all of `perhaps` are
  std::vector<Fork> forks_;  // on the way taken now
  std::unordered_set<uint64_t> tried_;
  size_t steps_ = 0;
  size_t deepest_ = 0;
};

}  // namespace

OrderFound SearchOrder(const RegisterGroup& group) {
  Search search(group);
  OrderFound found{.fits = search.Run()};
  if (found.fits) return found;
  found.gave_up = search.gave_up();
  if (!found.gave_up) found.stuck = &search.stuck();
  return found;
}

}  // namespace rookery::sim
