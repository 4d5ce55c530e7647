#include "coordinator/client/recipes/cache/tree_cache.h"

#include <utility>

#include "coordinator/base/plant.h"

namespace rookery::client::recipes {
namespace {

using model::ErrorCode;

constexpr int kReadsAtOnce = 64;

}  // namespace

TreeCache::TreeCache(Client* client, std::string root, int depth, Observer observer)
    : root_(std::move(root)),
      observer_(std::move(observer)),
      operations_(client),
      self_(std::make_shared<TreeCache*>(this)) {
  Follow(root_, depth);
  Pump();
}

TreeCache::Followed* TreeCache::Find(const std::string& path, uint64_t generation) {
  const auto found = followed_.find(path);
  if (found == followed_.end() || found->second.generation != generation) return nullptr;
  return &found->second;
}

void TreeCache::Follow(const std::string& path, int depth) {
  Followed& followed = followed_[path];
  followed = Followed();
  followed.generation = ++generations_;
  followed.depth = depth;
  stale_.push_back(path);
}

void TreeCache::Drop(const std::string& path, bool keep_following) {
  const auto found = followed_.find(path);
  if (found == followed_.end()) return;
  for (const std::string& child : std::exchange(found->second.children, {})) {
    Drop(Join(path, child), false);
  }
  const auto node = nodes_.extract(path);
  if (!keep_following) followed_.erase(found);
  if (!node.empty() && observer_.on_change) {
    observer_.on_change(Change::kRemoved, path, node.mapped());
  }
}

Operations::RepeatedWatch TreeCache::WatchFor(const std::string& path, uint64_t generation,
                                              bool data) {
  return [self = std::weak_ptr(self_), path, generation, data](const WatchEvent& event) {
    const auto cache = self.lock();
    // A session that is over is heard of by the next read.
    if (cache == nullptr) return;
    // A node that went took its children along.
    const bool gone = event.kind == WatchEvent::Kind::kDeleted;
    (*cache)->MarkStale(path, generation, data || gone, !data || gone);
  };
}

void TreeCache::MarkStale(const std::string& path, uint64_t generation, bool data, bool children) {
  Followed* const followed = Find(path, generation);
  if (followed == nullptr || ended_) return;
  if (ROOKERY_PLANTED(kDeafWhileReading) && followed->busy) return;
  const bool known = followed->data_stale || followed->children_stale;
  followed->data_stale = followed->data_stale || data;
  followed->children_stale = followed->children_stale || children;
  settled_ = false;
  if (!known && !followed->busy) stale_.push_back(path);
  Pump();
}

void TreeCache::Pump() {
  while (!ended_ && reading_ < kReadsAtOnce && !stale_.empty()) {
    const std::string path = std::move(stale_.front());
    stale_.pop_front();
    const auto followed = followed_.find(path);
    if (followed == followed_.end() || followed->second.busy) continue;
    followed->second.busy = true;
    ++reading_;
    scope_.Spawn(Work(path));
  }
}

Async<> TreeCache::Work(std::string path) {
  const uint64_t generation = followed_.at(path).generation;
  co_await Read(path, generation);
  --reading_;
  if (Followed* const followed = Find(path, generation)) {
    followed->busy = false;
    if (followed->data_stale || followed->children_stale) stale_.push_back(path);
  }
  if (ended_) co_return;
  if (reading_ == 0 && stale_.empty()) {
    settled_ = true;
    if (observer_.on_settled) observer_.on_settled();
  } else {
    Pump();
  }
}

Async<> TreeCache::Read(std::string path, uint64_t generation) {
  Followed* followed = Find(path, generation);
  if (std::exchange(followed->data_stale, false)) {
    if (!co_await ReadData(path, generation)) co_return;
  }
  followed = Find(path, generation);
  if (followed != nullptr && std::exchange(followed->children_stale, false) &&
      followed->depth > 0 && nodes_.contains(path)) {
    co_await ReadChildren(path, generation);
  }
}

Async<bool> TreeCache::ReadData(std::string path, uint64_t generation) {
  Operations::RepeatedWatch watch = WatchFor(path, generation, true);
  Operations::RepeatedWatch behind;  // the read, of a planted bug
  if (ROOKERY_PLANTED(kWatchBehindRead) && followed_.at(path).depth == 0) std::swap(watch, behind);
  const auto read = co_await operations_.GetData(path, watch);
  if (behind != nullptr && read.ok()) co_await operations_.GetData(path, behind);
  if (Find(path, generation) == nullptr || ended_) co_return false;
  if (read.ok()) {
    Node node;
    node.data = read.value.data;
    node.stat = read.value.stat;
    Take(path, std::move(node));
    co_return true;
  }
  if (read.error != ErrorCode::kNoNode) {
    End(ToStatus(read.error, path));
    co_return false;
  }
  const bool is_root = path == root_;
  Drop(path, is_root);
  if (!is_root) {
    ForgetInParent(path);
    co_return false;
  }
  const auto there = co_await operations_.Exists(path, WatchFor(path, generation, true));
  if (ended_) co_return false;
  if (there.ok()) MarkStale(path, generation, true, true);
  if (!there.ok() && there.error != ErrorCode::kNoNode) End(ToStatus(there.error, path));
  co_return false;
}

void TreeCache::ForgetInParent(const std::string& path) {
  const size_t slash = path.rfind('/');
  const auto parent = followed_.find(slash == 0 ? "/" : path.substr(0, slash));
  if (parent != followed_.end()) parent->second.children.erase(path.substr(slash + 1));
}

void TreeCache::Take(const std::string& path, Node node) {
  const auto known = nodes_.find(path);
  if (known != nodes_.end() && known->second.stat.czxid != node.stat.czxid) {
    Drop(path, true);
    followed_.at(path).children_stale = true;
  } else if (known != nodes_.end()) {
    const bool same = known->second.stat.mzxid == node.stat.mzxid;
    known->second = std::move(node);
    if (!same && observer_.on_change) {
      observer_.on_change(Change::kChanged, path, known->second);
    }
    return;
  }
  const auto added = nodes_.insert_or_assign(path, std::move(node)).first;
  followed_.at(path).children_stale = true;
  if (observer_.on_change) observer_.on_change(Change::kAdded, path, added->second);
}

Async<> TreeCache::ReadChildren(std::string path, uint64_t generation) {
  const auto read = co_await operations_.GetChildren(path, WatchFor(path, generation, false));
  Followed* const followed = Find(path, generation);
  if (followed == nullptr || ended_) co_return;
  if (read.error == ErrorCode::kNoNode) {
    followed->data_stale = followed->children_stale = true;
    co_return;
  }
  if (!read.ok()) {
    End(ToStatus(read.error, path));
    co_return;
  }
  std::set<std::string> now(read.value.children.begin(), read.value.children.end());
  std::set<std::string> before = std::exchange(followed->children, now);
  const int depth = followed->depth - 1;
  for (const std::string& child : now) {
    if (before.erase(child) == 0) Follow(Join(path, child), depth);
  }
  for (const std::string& child : before) Drop(Join(path, child), false);
}

void TreeCache::End(absl::Status why) {
  if (std::exchange(ended_, true)) return;
  stale_.clear();
  if (observer_.on_end) observer_.on_end(why);
}

}  // namespace rookery::client::recipes
