#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/checkers.h"

namespace rookery::sim {

TreeHistory::TreeHistory(const History& history) {
  std::map<model::Zxid, model::SessionId> ends;
  for (const SessionTurn& turn : history.session_turns) {
    if (turn.kind == SessionTurn::Kind::kExpired) ends[turn.zxid] = turn.session;
  }
  for (const Changed& change : history.changed) {
    std::vector<Life>& lives = lives_[change.path];
    if (change.kind == model::Change::Kind::kCreated) {
      lives.push_back({.path = change.path,
                       .session = change.session,
                       .czxid = change.zxid,
                       .created = change.known});
    } else if (!lives.empty() && change.kind == model::Change::Kind::kDeleted) {
      Life& life = lives.back();
      life.deleted_zxid = change.zxid;
      life.deleted = change.known;
      life.deleted_us = change.known_us;
      life.expired = ends.contains(change.zxid);
    } else if (!lives.empty() && change.kind == model::Change::Kind::kDataChanged) {
      lives.back().writes.push_back(change.zxid);
    }
  }
  if (!history.final_states.empty()) last_ = history.final_states.front().nodes;
}

const std::vector<TreeHistory::Life>& TreeHistory::Of(const std::string& path) const {
  static const auto* const kNone = new std::vector<Life>;
  const auto found = lives_.find(path);
  return found == lives_.end() ? *kNone : found->second;
}

std::vector<const TreeHistory::Life*> TreeHistory::Below(const std::string& parent) const {
  std::vector<const Life*> below;
  const std::string from = absl::StrCat(parent, "/");
  for (auto at = lives_.lower_bound(from); at != lives_.end() && absl::StartsWith(at->first, from);
       ++at) {
    if (at->first.find('/', from.size()) != std::string::npos) continue;
    for (const Life& life : at->second) below.push_back(&life);
  }
  std::sort(below.begin(), below.end(),
            [](const Life* a, const Life* b) { return a->created < b->created; });
  return below;
}

const TreeHistory::Life* TreeHistory::FirstOf(const std::string& path, model::SessionId session,
                                              Order since) const {
  for (const Life& life : Of(path)) {
    if (life.session == session && life.created > since) return &life;
  }
  return nullptr;
}

const std::vector<RecipeChecker>& AllRecipeCheckers() {
  static const auto* const kAll = new std::vector<RecipeChecker>{
      {Recipe::kLock, CheckLock},
      {Recipe::kSharedLock, CheckSharedLock},
      {Recipe::kElection, CheckElection},
      {Recipe::kQueue, CheckQueue},
      {Recipe::kConfirmedQueue, CheckConfirmedQueue},
      {Recipe::kBarrier, CheckBarrier},
      {Recipe::kDoubleBarrier, CheckDoubleBarrier},
      {Recipe::kCounter, CheckCounter},
      {Recipe::kIds, CheckIds},
      {Recipe::kSubscription, CheckSubscription},
      {Recipe::kGroup, CheckGroup},
      {Recipe::kDiscovery, CheckDiscovery},
      {Recipe::kTreeCache, CheckTreeCache},
  };
  return *kAll;
}

}  // namespace rookery::sim
