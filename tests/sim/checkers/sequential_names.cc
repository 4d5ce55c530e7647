// Sequential nodes: no name twice, and below one parent the numbers rise in the order of creation.
// Containers go by themselves and are made anew, with numbers from the start: they are left out.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/model/path.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

constexpr size_t kDigits = 10;

struct Made {
  const Write* write;
  int64_t number;
};

}  // namespace

Violations CheckSequentialNames(const History& history) {
  Violations out;
  const std::vector<Write> writes = WritesOf(history);
  std::map<std::string, const Write*> by_path;
  std::map<std::string, std::vector<Made>> by_parent;
  std::set<std::string> containers;
  for (const Write& write : writes) {
    if (write.container) containers.insert(write.path);
  }
  for (const Write& write : writes) {
    if (write.kind != Write::Kind::kCreate || !write.sequential || !write.certain) continue;
    if (containers.contains(std::string(model::ParentPath(write.path)))) continue;
    int64_t number = -1;
    if (write.path.size() < kDigits ||
        !absl::SimpleAtoi(write.path.substr(write.path.size() - kDigits), &number)) {
      out.push_back(absl::StrCat(ToText(*write.call), ": ", write.path, " has no number"));
      continue;
    }
    const auto [before, fresh] = by_path.emplace(write.path, &write);
    if (!fresh) {
      out.push_back(absl::StrCat(write.path, " was given to ", ToText(*before->second->call),
                                 " and to ", ToText(*write.call)));
    }
    by_parent[std::string(model::ParentPath(write.path))].push_back({&write, number});
  }
  for (auto& [parent, made] : by_parent) {
    // Parts of one multi stand in their order.
    std::stable_sort(made.begin(), made.end(),
                     [](const Made& a, const Made& b) { return a.write->zxid < b.write->zxid; });
    for (size_t i = 1; i < made.size(); ++i) {
      if (made[i].number > made[i - 1].number) continue;
      out.push_back(absl::StrCat(made[i].write->path, " of ", ToText(*made[i].write->call),
                                 " was made after ", made[i - 1].write->path, " of ",
                                 ToText(*made[i - 1].write->call)));
    }
  }
  return out;
}

}  // namespace rookery::sim
