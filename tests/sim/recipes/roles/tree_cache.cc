// Follows a small tree, or a part of it, and changes it.
#include "coordinator/client/recipes/cache/tree_cache.h"

#include <memory>

#include "tests/sim/recipes/roles/roles.h"
#include "tests/sim/recipes/roles/writer.h"

namespace rookery::sim {
namespace {

using client::recipes::TreeCache;

constexpr int64_t kPaceUs = 1'200'000;

class TreeCacheRole final : public WritingRole {
 public:
  explicit TreeCacheRole(const Seat& seat)
      : WritingRole(seat, kPaceUs),
        follower_(scene()->NextNumber()),
        depth_(random().Chance(0.5) ? TreeCache::kWhole : static_cast<int>(random().Below(3))) {
    TreeCache::Observer observer;
    observer.on_change = [this](TreeCache::Change change, const std::string& path,
                                const TreeCache::Node& node) { OnChange(change, path, node); };
    observer.on_settled = [this] { losses_ = client()->losses(); };
    cache_ = std::make_unique<TreeCache>(client(), PathOf(Recipe::kTreeCache), depth_,
                                         std::move(observer));
  }

  void NoteCopy() override {
    Copy copy{.recipe = Recipe::kTreeCache,
              .party = seat().party,
              .depth = depth_,
              .settled = cache_->settled()};
    for (const auto& [path, node] : cache_->nodes()) copy.nodes[path] = node.data.value_or("");
    facts().copies.push_back(std::move(copy));
  }

 private:
  Async<> Round() override {
    const std::string root = PathOf(Recipe::kTreeCache);
    const std::string child = absl::StrCat(root, "/", std::string(1, 'a' + random().Below(3)));
    const std::string leaf = absl::StrCat(child, "/", std::string(1, 'x' + random().Below(3)));
    const std::string data = absl::StrCat("v", scene()->NextNumber());
    const uint64_t what = random().Below(12);
    if (what < 5) {
      co_await Write(leaf, data);
    } else if (what < 7) {
      co_await Write(child, data);
    } else if (what < 8) {
      co_await Write(root, data);
    } else if (what < 10) {
      co_await Remove(leaf);
    } else if (what < 11) {
      co_await Remove(child);
    } else {
      for (const char* name : {"x", "y", "z"}) {
        const std::string each = absl::StrCat(child, "/", name);
        co_await Remove(each);
      }
      co_await Remove(child);
      co_await Remove(root);
    }
  }

  void OnChange(TreeCache::Change change, const std::string& path, const TreeCache::Node& node) {
    // The first settled moment is behind the first connection.
    if (losses_.has_value() && *losses_ != client()->losses()) Count(Rare::kCachesResynced);
    const Shown::Kind kind = change == TreeCache::Change::kAdded     ? Shown::Kind::kAdded
                             : change == TreeCache::Change::kChanged ? Shown::Kind::kChanged
                                                                     : Shown::Kind::kRemoved;
    Trace("is told that ", path,
          kind == Shown::Kind::kAdded     ? " is there: "
          : kind == Shown::Kind::kChanged ? " changed: "
                                          : " is gone: ",
          node.data.value_or(""));
    facts().shown.push_back({.recipe = Recipe::kTreeCache,
                             .party = seat().party,
                             .follower = follower_,
                             .kind = kind,
                             .path = path,
                             .data = node.data.value_or(""),
                             .czxid = node.stat.czxid,
                             .mzxid = node.stat.mzxid});
  }

  const uint64_t follower_;
  const int depth_;
  std::optional<uint64_t> losses_;  // of the connection, when it was settled last
  std::unique_ptr<TreeCache> cache_;
};

}  // namespace

std::unique_ptr<Role> MakeTreeCache(const Seat& seat) {
  return std::make_unique<TreeCacheRole>(seat);
}

}  // namespace rookery::sim
