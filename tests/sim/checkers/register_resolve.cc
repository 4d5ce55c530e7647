#include "tests/sim/checkers/register_resolve.h"

#include <algorithm>
#include <map>
#include <utility>

#include "tests/sim/checkers/facts.h"

namespace rookery::sim {

void ResolveBySight(const History& history, std::vector<PathOp>* ops) {
  std::map<std::pair<std::string, std::string>, const model::Stat*> seen;  // path and data
  for (const Sight& sight : SightsOf(history)) {
    if (sight.stat == nullptr || sight.data == nullptr || !sight.data->has_value()) continue;
    seen[{sight.path, **sight.data}] = sight.stat;
  }
  ForEachState(history, [&](const FinalState& state) {
    for (const auto& [path, node] : state.nodes) {
      if (node.data.has_value()) seen[{path, *node.data}] = &node.stat;
    }
  });
  std::map<std::string, int> written;  // data that stands for one write alone
  for (const Write& write : WritesOf(history)) {
    if (write.data.has_value()) ++written[*write.data];
  }
  for (PathOp& one : *ops) {
    if (one.op.zxid != 0) continue;
    for (PathStep& step : one.steps) {
      if (step.step.data == nullptr || !step.step.data->has_value()) continue;
      if (written[**step.step.data] != 1) continue;
      const auto at = seen.find({step.path, **step.step.data});
      if (at == seen.end()) continue;
      one.op.zxid = at->second->mzxid;
      step.step.stat = at->second;
    }
  }
  // What nobody has seen is of no importance.
  for (PathOp& one : *ops) {
    for (PathStep& step : one.steps) {
      const bool unique = step.step.data != nullptr && step.step.data->has_value() &&
                          written[**step.step.data] == 1;
      if (one.op.zxid == 0 && unique) step.step.data = nullptr;
    }
  }
}

namespace {

// What an operation changes, or was changed at one zxid, of the registers.
using Signature = std::vector<std::pair<std::string, model::Change::Kind>>;

Signature SignatureOf(const PathOp& op, const std::set<std::string>& paths) {
  Signature changes;
  for (const PathStep& one : op.steps) {
    if (!paths.contains(one.path)) continue;
    switch (one.step.kind) {
      case RegisterStep::Kind::kCreate:
        changes.emplace_back(one.path, model::Change::Kind::kCreated);
        break;
      case RegisterStep::Kind::kDelete:
        changes.emplace_back(one.path, model::Change::Kind::kDeleted);
        break;
      case RegisterStep::Kind::kSetData:
        changes.emplace_back(one.path, model::Change::Kind::kDataChanged);
        break;
      case RegisterStep::Kind::kCheck:
      case RegisterStep::Kind::kRead:
        break;
    }
  }
  std::sort(changes.begin(), changes.end());
  return changes;
}

struct Unexplained {
  Signature changes;
  model::SessionId session = 0;
};

// By zxid: what was changed by nobody who was told so.
std::map<model::Zxid, Unexplained> UnexplainedOf(const History& history,
                                                 const std::set<std::string>& paths,
                                                 const std::vector<PathOp>& ops) {
  std::set<model::Zxid> explained;
  for (const Call& call : history.calls) {
    if (call.ok() && IsWrite(call.operation)) explained.insert(call.zxid);
  }
  for (const PathOp& one : ops) {
    if (one.op.call != nullptr && one.op.call->uncertain()) explained.insert(one.op.zxid);
  }
  std::map<model::Zxid, Unexplained> found;
  for (const Changed& changed : history.changed) {
    if (changed.kind == model::Change::Kind::kAclChanged) continue;
    if (!paths.contains(changed.path) || explained.contains(changed.zxid)) continue;
    Unexplained& one = found[changed.zxid];
    one.changes.emplace_back(changed.path, changed.kind);
    one.session = changed.session;
  }
  for (auto& [zxid, one] : found) std::sort(one.changes.begin(), one.changes.end());
  return found;
}

std::vector<int32_t> VersionsOf(const PathOp& op) {
  std::vector<int32_t> versions;
  for (const PathStep& one : op.steps) versions.push_back(one.step.expected_version);
  return versions;
}

}  // namespace

void ResolveByChanges(const History& history, const std::set<std::string>& paths,
                      std::vector<PathOp>* ops) {
  if (history.changed.empty()) return;  // of real processes
  std::map<Signature, std::vector<PathOp*>> open;
  for (PathOp& one : *ops) {
    if (one.op.zxid == 0 && one.op.call != nullptr) open[SignatureOf(one, paths)].push_back(&one);
  }
  std::set<Signature> ambiguous;
  for (const auto& [zxid, change] : UnexplainedOf(history, paths, *ops)) {
    const auto at = open.find(change.changes);
    if (at == open.end()) continue;
    std::vector<PathOp*> fit;
    for (PathOp* const one : at->second) {
      const model::SessionId session = one->op.call->session;
      if (one->op.zxid == 0 && (session == 0 || session == change.session)) fit.push_back(one);
    }
    if (fit.empty()) continue;
    // Who is known to be of the session before who may be.
    std::stable_partition(fit.begin(), fit.end(), [&change](const PathOp* one) {
      return one->op.call->session == change.session;
    });
    const bool alike = std::all_of(fit.begin(), fit.end(), [&](const PathOp* one) {
      return VersionsOf(*one) == VersionsOf(*fit.front());
    });
    if (alike) {
      fit.front()->op.zxid = zxid;
    } else {
      ambiguous.insert(change.changes);
    }
  }
  std::erase_if(*ops, [&](const PathOp& one) {
    return one.op.zxid == 0 && one.op.call != nullptr &&
           !ambiguous.contains(SignatureOf(one, paths));
  });
}

}  // namespace rookery::sim
