#include "tests/sim/checkers/register_ops.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "tests/sim/checkers/facts.h"
#include "tests/sim/checkers/register_resolve.h"

namespace rookery::sim {
namespace {

using model::ErrorCode;
using Kind = RegisterStep::Kind;

// Errors that say something of the nodes themselves.
bool Tells(ErrorCode error) {
  return error == ErrorCode::kNoNode || error == ErrorCode::kNodeExists ||
         error == ErrorCode::kBadVersion;
}

void AddPart(const model::MultiRequest::Part& part, const model::MultiReply::Part* reply,
             PathOp* out) {
  PathStep one;
  if (const auto* create = std::get_if<model::CreateRequest>(&part)) {
    if ((create->flags & model::kPersistentSequential) != 0) return;
    one = {create->path, {.kind = Kind::kCreate, .data = &create->data}};
  } else if (const auto* remove = std::get_if<model::DeleteRequest>(&part)) {
    one = {remove->path, {.kind = Kind::kDelete, .expected_version = remove->version}};
  } else if (const auto* set = std::get_if<model::SetDataRequest>(&part)) {
    one = {set->path,
           {.kind = Kind::kSetData, .expected_version = set->version, .data = &set->data}};
  } else if (const auto* check = std::get_if<model::CheckRequest>(&part)) {
    one = {check->path, {.kind = Kind::kCheck, .expected_version = check->version}};
  }
  if (reply != nullptr) {
    one.step.error = reply->error;
    if (const auto* stat = std::get_if<model::StatReply>(&reply->body)) one.step.stat = &stat->stat;
  }
  out->steps.push_back(std::move(one));
}

void AddMulti(const model::MultiRequest& multi, const Call& call, PathOp* out) {
  const auto* reply = std::get_if<model::MultiReply>(&call.body);
  for (size_t i = 0; i < multi.parts.size(); ++i) {
    const bool answered = reply != nullptr && i < reply->parts.size();
    AddPart(multi.parts[i], answered ? &reply->parts[i] : nullptr, out);
    // What stands behind the part that failed was not looked at.
    if (answered && reply->parts[i].error != ErrorCode::kOk) break;
  }
}

void AddWrite(const model::WriteOperation& operation, const Call& call, PathOp* out) {
  if (const auto* multi = std::get_if<model::MultiRequest>(&operation)) {
    return AddMulti(*multi, call, out);
  }
  std::visit(
      [&](const auto& one) {
        using T = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<T, model::CreateRequest> ||
                      std::is_same_v<T, model::DeleteRequest> ||
                      std::is_same_v<T, model::SetDataRequest>) {
          // The part's variant must not end before the steps that point into it.
          if constexpr (std::is_same_v<T, model::CreateRequest>) {
            if ((one.flags & model::kPersistentSequential) != 0) return;
            out->steps.push_back({one.path, {.kind = Kind::kCreate, .data = &one.data}});
          } else if constexpr (std::is_same_v<T, model::DeleteRequest>) {
            out->steps.push_back(
                {one.path, {.kind = Kind::kDelete, .expected_version = one.version}});
          } else {
            out->steps.push_back(
                {one.path,
                 {.kind = Kind::kSetData, .expected_version = one.version, .data = &one.data}});
          }
          RegisterStep& step = out->steps.back().step;
          step.error = call.uncertain() ? ErrorCode::kOk : call.error;
          if (const auto* stat = std::get_if<model::StatReply>(&call.body)) step.stat = &stat->stat;
        }
      },
      operation);
}

bool AddRead(const Call& call, PathOp* out) {
  const auto& read = std::get<model::ReadOperation>(call.operation);
  const bool shows = std::holds_alternative<model::GetDataRequest>(read) ||
                     std::holds_alternative<model::ExistsRequest>(read);
  if (!shows || (!call.ok() && call.error != ErrorCode::kNoNode)) return false;
  RegisterStep step{.error = call.error};
  if (const auto* data = std::get_if<model::DataReply>(&call.body)) {
    step.data = &data->data;
    step.stat = &data->stat;
  } else if (const auto* stat = std::get_if<model::StatReply>(&call.body)) {
    step.stat = &stat->stat;
  }
  out->steps.push_back({*PathOf(call.operation), step});
  return true;
}

// What failed is a creation below a node that is not there: that tells nothing of the node itself.
bool LacksParent(const PathOp& op) {
  if (op.steps.empty()) return false;
  const RegisterStep& last = op.steps.back().step;
  return last.kind == Kind::kCreate && last.error == ErrorCode::kNoNode;
}

std::vector<PathOp> OpsOf(const History& history) {
  std::vector<PathOp> ops;
  for (const Call& call : history.calls) {
    PathOp one{.op = {.call = &call}};
    if (const auto* write = std::get_if<model::WriteOperation>(&call.operation)) {
      if (!call.uncertain() && !call.answered()) continue;  // it never left
      if (call.answered() && !call.ok() && !Tells(call.error)) continue;
      if (!call.uncertain()) one.op.zxid = call.zxid;
      one.op.fails = call.answered() && !call.ok();
      AddWrite(*write, call, &one);
      if (one.op.fails && LacksParent(one)) continue;
    } else {
      if (!call.answered() || !AddRead(call, &one)) continue;
      one.op.zxid = call.zxid;
    }
    if (!one.steps.empty()) ops.push_back(std::move(one));
  }
  ForEachState(history, [&](const FinalState& state) {
    if (state.zxid == 0) return;  // nobody knows what it must show
    for (const auto& [path, node] : state.nodes) {
      PathOp one{.op = {.zxid = state.zxid}};
      one.steps.push_back({path, {.data = &node.data, .stat = &node.stat}});
      ops.push_back(std::move(one));
    }
  });
  return ops;
}

class Groups {
 public:
  size_t Of(const std::string& path) {
    const auto [at, fresh] = nodes_.emplace(path, parents_.size());
    if (fresh) parents_.push_back(at->second);
    return Root(at->second);
  }
  void Join(size_t a, size_t b) { parents_[Root(a)] = Root(b); }

 private:
  size_t Root(size_t node) {
    while (parents_[node] != node) node = parents_[node] = parents_[parents_[node]];
    return node;
  }
  std::map<std::string, size_t> nodes_;
  std::vector<size_t> parents_;
};

// Paths that are named by creations of registers, and of nothing else.
std::set<std::string> RegisterPaths(const History& history) {
  std::set<std::string> paths, others;
  for (const Write& write : WritesOf(history)) {
    if (write.kind != Write::Kind::kCreate) continue;
    (write.sequential || write.ephemeral || write.container ? others : paths).insert(write.path);
  }
  for (const std::string& path : others) paths.erase(path);
  return paths;
}

}  // namespace

std::vector<RegisterGroup> GroupRegisters(const History& history) {
  std::vector<PathOp> ops = OpsOf(history);
  const std::set<std::string> paths = RegisterPaths(history);
  ResolveBySight(history, &ops);
  ResolveByChanges(history, paths, &ops);
  Groups groups;
  for (PathOp& one : ops) {
    // A step on something else than a register tells nothing here.
    std::erase_if(one.steps, [&](const PathStep& step) { return !paths.contains(step.path); });
    for (const PathStep& step : one.steps) {
      groups.Join(groups.Of(step.path), groups.Of(one.steps.front().path));
    }
  }
  std::map<size_t, RegisterGroup> out;
  for (PathOp& one : ops) {
    if (one.steps.empty()) continue;
    // A multi whose failed part is not about a register tells nothing either.
    if (one.op.fails && one.steps.back().step.error == ErrorCode::kOk) continue;
    RegisterGroup& group = out[groups.Of(one.steps.front().path)];
    for (PathStep& step : one.steps) {
      const auto at = std::find(group.paths.begin(), group.paths.end(), step.path);
      step.step.node = static_cast<size_t>(at - group.paths.begin());
      if (at == group.paths.end()) group.paths.push_back(step.path);
      one.op.steps.push_back(step.step);
    }
    (one.op.zxid != 0 ? group.known : group.perhaps).push_back(std::move(one.op));
  }
  std::vector<RegisterGroup> list;
  for (auto& [root, group] : out) {
    const auto reads = [](const RegisterOp& op) {
      return op.steps.front().kind == Kind::kRead ? 1 : 0;
    };
    std::stable_sort(group.known.begin(), group.known.end(),
                     [&](const RegisterOp& a, const RegisterOp& b) {
                       return std::pair(a.zxid, reads(a)) < std::pair(b.zxid, reads(b));
                     });
    list.push_back(std::move(group));
  }
  return list;
}

// --- what operations do

namespace {

ErrorCode ErrorOf(const RegisterStep& step, const RegisterState& state) {
  if (step.kind == Kind::kCreate) return state.present ? ErrorCode::kNodeExists : ErrorCode::kOk;
  if (!state.present) return ErrorCode::kNoNode;
  const bool versioned = step.kind != Kind::kRead && step.expected_version != -1;
  return versioned && step.expected_version != state.version ? ErrorCode::kBadVersion
                                                             : ErrorCode::kOk;
}

void Change(const RegisterStep& step, model::Zxid zxid, RegisterState* state) {
  const model::Zxid known_at = state->known_at;
  switch (step.kind) {
    case Kind::kCreate:
      *state = {.present = true, .mzxid = zxid, .after = known_at, .data = step.data};
      break;
    case Kind::kDelete:
      *state = {};
      break;
    case Kind::kSetData:
      ++state->version;
      state->mzxid = zxid;
      state->after = known_at;
      state->data = step.data;
      break;
    case Kind::kCheck:
    case Kind::kRead:
      break;
  }
  state->known_at = zxid != 0 ? zxid : known_at;
}

bool Shows(const RegisterStep& step, const RegisterState& state) {
  if (step.stat != nullptr) {
    if (step.stat->version != state.version) return false;
    if (state.mzxid != 0 && step.stat->mzxid != state.mzxid) return false;
    if (state.mzxid == 0 && step.stat->mzxid <= state.after) return false;
  }
  return step.kind != Kind::kRead || step.data == nullptr ||
         (state.data != nullptr && *step.data == *state.data);
}

}  // namespace

bool Apply(const RegisterOp& op, std::vector<RegisterState>* states) {
  std::vector<RegisterState> next = *states;
  bool done = !op.fails;
  for (const RegisterStep& step : op.steps) {
    RegisterState& state = next[step.node];
    const ErrorCode error = ErrorOf(step, state);
    if (error != step.error) return false;
    if (error != ErrorCode::kOk) {  // as answered; nothing of it was done
      done = false;
      break;
    }
    Change(step, op.zxid, &state);
    if (!Shows(step, state)) return false;
  }
  if (done) *states = std::move(next);
  if (op.zxid == 0) return true;
  for (const RegisterStep& step : op.steps) (*states)[step.node].known_at = op.zxid;
  return true;
}

}  // namespace rookery::sim
