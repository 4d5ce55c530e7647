// No acknowledged write is lost and none is done twice, counted from how the servers stood at the
// end: a version counts the writes of the data, cversion and children together count the creations,
// and data that is written once stands in one node at most.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "coordinator/model/path.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using model::ToHex;

struct Count {
  int64_t certain = 0;
  int64_t perhaps = 0;
  const Write* last = nullptr;  // certain, the newest
};

class Ending {
 public:
  Ending(const std::vector<Write>& writes, const FinalState& state, Violations* out)
      : writes_(writes), state_(state), out_(out) {}

  void Check() {
    for (const Write& write : writes_) {
      if (write.kind == Write::Kind::kDelete) deleted_.insert(write.path);
      if (write.kind == Write::Kind::kCreate) created_.insert(write.path);
    }
    std::map<std::string, Count> sets, creations;
    for (const Write& write : writes_) {
      if (write.kind == Write::Kind::kSetData) Add(write, write.path, &sets);
      if (write.kind == Write::Kind::kCreate) {
        Add(write, std::string(model::ParentPath(write.path)), &creations);
      }
    }
    for (const auto& [path, count] : sets) CheckSets(path, count);
    for (const auto& [path, count] : creations) {
      // Others may have had children before.
      if (created_.contains(path)) CheckCreations(path, count);
    }
    CheckPresence();
    CheckUnique();
  }

 private:
  // A node that was made anew counts from there.
  void Add(const Write& write, const std::string& counted_at, std::map<std::string, Count>* to) {
    const auto node = state_.nodes.find(counted_at);
    if (node == state_.nodes.end()) return;
    if (write.certain && write.zxid <= node->second.stat.czxid) return;
    if (write.certain && write.zxid > state_.zxid) return;
    Count& count = (*to)[counted_at];
    ++(write.certain ? count.certain : count.perhaps);
    if (write.certain && (count.last == nullptr || count.last->zxid <= write.zxid)) {
      count.last = &write;
    }
  }

  void Compare(absl::string_view what, const std::string& path, int64_t found, const Count& count) {
    if (found >= count.certain && found <= count.certain + count.perhaps) return;
    out_->push_back(absl::StrCat("server ", state_.server, ": ", path, " has ", found, " ", what,
                                 ", ", count.certain, " were acknowledged and ", count.perhaps,
                                 " more may have been done: ",
                                 found < count.certain ? "one is lost" : "one was done twice"));
  }

  void CheckSets(const std::string& path, const Count& count) {
    const FinalNode& node = state_.nodes.at(path);
    Compare("writes", path, node.stat.version, count);
    if (count.last == nullptr) return;
    if (node.stat.mzxid < count.last->zxid) {
      out_->push_back(absl::StrCat("server ", state_.server, ": ", path, " is of ",
                                   ToHex(node.stat.mzxid), ", older than ",
                                   ToText(*count.last->call)));
    } else if (node.stat.mzxid == count.last->zxid && node.data != count.last->data) {
      out_->push_back(absl::StrCat("server ", state_.server, ": ", path, " does not hold what ",
                                   ToText(*count.last->call), " wrote"));
    }
  }

  void CheckCreations(const std::string& path, const Count& count) {
    const model::Stat& stat = state_.nodes.at(path).stat;
    // cversion = creations + deletions, children = creations - deletions.
    Compare("children made", path, (int64_t{stat.cversion} + stat.num_children) / 2, count);
  }

  void CheckPresence() {
    for (const Write& write : writes_) {
      if (write.kind != Write::Kind::kCreate || !write.certain) continue;
      if (write.ephemeral || write.container) continue;
      if (write.zxid > state_.zxid || deleted_.contains(write.path)) continue;
      if (state_.nodes.contains(write.path)) continue;
      out_->push_back(absl::StrCat("server ", state_.server, " has lost ", write.path, " of ",
                                   ToText(*write.call)));
    }
  }

  void CheckUnique() {
    std::map<std::string, int> written;  // how often each value was asked to be written
    for (const Write& write : writes_) {
      if (write.data.has_value() && !write.data->empty()) ++written[*write.data];
    }
    std::map<std::string, const std::string*> holders;
    for (const auto& [path, node] : state_.nodes) {
      if (!node.data.has_value()) continue;
      const auto at = written.find(*node.data);
      if (at == written.end() || at->second != 1) continue;
      const auto [other, fresh] = holders.emplace(*node.data, &path);
      if (fresh) continue;
      out_->push_back(absl::StrCat("server ", state_.server, ": ", *other->second, " and ", path,
                                   " both hold ", *node.data, ", which was written once"));
    }
  }

  const std::vector<Write>& writes_;
  const FinalState& state_;
  Violations* const out_;
  std::set<std::string> deleted_, created_;
};

}  // namespace

Violations CheckExactlyOnce(const History& history) {
  Violations out;
  const std::vector<Write> writes = WritesOf(history);
  for (const FinalState& state : history.final_states) Ending(writes, state, &out).Check();
  return out;
}

}  // namespace rookery::sim
