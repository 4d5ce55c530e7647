#include "tests/sim/recipes/checkers/line.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"

namespace rookery::sim {
namespace {

using Life = TreeHistory::Life;

std::string NameIn(const std::string& path) { return path.substr(path.rfind('/') + 1); }

const Life* LifeOf(const TreeHistory& tree, const std::string& node) {
  const std::vector<Life>& lives = tree.Of(node);
  return lives.empty() ? nullptr : &lives.front();  // its name is nobody else's
}

// How long the party stood still between the two times.
int64_t SleptUs(const RecipeFacts& facts, uint32_t party, int64_t from_us, int64_t to_us) {
  int64_t slept_us = 0;
  for (const Slept& one : facts.slept) {
    if (one.party != party) continue;
    slept_us += std::max<int64_t>(0, std::min(one.to_us, to_us) - std::max(one.from_us, from_us));
  }
  return slept_us;
}

class LineCheck {
 public:
  LineCheck(Recipe recipe, const RecipeFacts& facts, const TreeHistory& tree, WaitsFor waits_for)
      : recipe_(recipe), facts_(facts), tree_(tree), waits_for_(waits_for) {}

  Violations Check() {
    const std::vector<const Life*> line = tree_.Below(PathOf(recipe_));
    for (const Hold& hold : facts_.holds) {
      if (hold.recipe == recipe_) CheckHold(hold, line);
    }
    for (const Access& access : facts_.accesses) {
      if (access.recipe == recipe_) CheckAccess(access);
    }
    return std::move(out_);
  }

 private:
  void CheckHold(const Hold& hold, const std::vector<const Life*>& line) {
    const auto [other, fresh] = holders_.emplace(hold.token, hold.party);
    if (!fresh) {
      Say("party ", hold.party, " and party ", other->second, " hold with the same token ",
          hold.token);
    }
    const Life* const own = LifeOf(tree_, hold.node);
    if (own == nullptr || own->czxid != hold.token) {
      Say("party ", hold.party, " holds with token ", hold.token, ", which did not make ",
          hold.node);
      return;
    }
    for (const Life* before : line) {
      if (before->czxid >= hold.token || !waits_for_(hold.reads, NameIn(before->path))) continue;
      if (before->deleted != 0 && before->deleted < hold.granted) continue;
      Say("party ", hold.party, " was told that it holds, by ", hold.node, ", while ", before->path,
          " stood before it");
    }
  }

  void CheckAccess(const Access& access) {
    const Life* const own = LifeOf(tree_, access.node);
    if (own == nullptr) return;  // told of its hold
    const int64_t late_us =
        own->deleted == 0 || own->deleted > access.sent ? 0 : access.sent_us - own->deleted_us;
    if (late_us >
        facts_.notice_us + SleptUs(facts_, access.party, own->deleted_us, access.sent_us)) {
      Say("party ", access.party, " took itself for the holder ", late_us / 1000, " ms after ",
          access.node, " was gone");
    }
    if (access.accepted || access.arrived == 0) return;
    for (const Access& newer : facts_.accesses) {
      if (newer.recipe != recipe_ || newer.token <= access.token || !newer.accepted ||
          newer.arrived > access.arrived || (access.reads && newer.reads)) {
        continue;
      }
      if (own->deleted != 0 && own->deleted < newer.sent) continue;
      Say("party ", newer.party, " used what is protected with token ", newer.token, " while ",
          access.node, " of party ", access.party, " stood, whose token ", access.token,
          " came behind it");
      return;
    }
  }

  template <typename... Parts>
  void Say(const Parts&... parts) {
    out_.push_back(absl::StrCat(parts...));
  }

  const Recipe recipe_;
  const RecipeFacts& facts_;
  const TreeHistory& tree_;
  const WaitsFor waits_for_;
  std::map<model::Zxid, uint32_t> holders_;  // by token
  Violations out_;
};

}  // namespace

Violations CheckLine(Recipe recipe, const RecipeFacts& facts, const TreeHistory& tree,
                     WaitsFor waits_for) {
  return LineCheck(recipe, facts, tree, waits_for).Check();
}

}  // namespace rookery::sim
