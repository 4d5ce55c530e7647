// A copy of a node, of its children, or of all below it, kept up to date by watches.
//
// Guarantees. Each change that is noticed is told once, and those of one node in their order; a
// node is told before its children are, and its removal after theirs. Changes that come quicker
// than they can be read are told as the last of them; a node that was deleted and made again
// meanwhile is told as removed and added. Whatever happens on the way (lost connections, another
// server, another leader), when the tree rests the copy is equal to it. There is no moment for
// which the copy as a whole is known to have been the tree: for that, read at one zxid (gRPC Scan).
// A session that ends is told, and then nothing more.
//
// Reads that are sent at once: 64; one watch for each node and one more for its children.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "coordinator/client/recipes/support/operations.h"

namespace rookery::client::recipes {

// Lives on the client's executor, and ends before the client.
class TreeCache {
 public:
  struct Node {
    model::Data data;
    model::Stat stat;
  };
  enum class Change { kAdded, kChanged, kRemoved };
  struct Observer {
    // `node` as it is now, or was before it was removed. May not destroy the cache, as the others.
    absl::AnyInvocable<void(Change, const std::string& path, const Node& node)> on_change;
    // All that was known to have changed is told; the first time: all is read.
    absl::AnyInvocable<void()> on_settled;
    // Once, and the last: the session is over (Aborted), or a node may not be read.
    absl::AnyInvocable<void(const absl::Status&)> on_end;
  };
  static constexpr int kWhole = 1 << 30;

  // Begins to read `root`, which need not exist yet, and what is up to `depth` levels below it (0:
  // nothing is, 1: its children).
  TreeCache(Client* client, std::string root, int depth, Observer observer);
  TreeCache(const TreeCache&) = delete;
  TreeCache& operator=(const TreeCache&) = delete;

  // What has been told, by path.
  const std::map<std::string, Node>& nodes() const { return nodes_; }
  bool settled() const { return settled_; }

 private:
  // A path that is followed, whether its node is there or not.
  struct Followed {
    uint64_t generation = 0;
    int depth = 0;  // levels that may still be followed below it
    bool data_stale = true;
    bool children_stale = true;
    bool busy = false;  // it is being read
    std::set<std::string> children;
  };

  void Follow(const std::string& path, int depth);
  // `path` is gone: it and all below it are told and no longer followed.
  void Drop(const std::string& path, bool keep_following);
  // The parent's next list tells whether it is back.
  void ForgetInParent(const std::string& path);
  void MarkStale(const std::string& path, uint64_t generation, bool data, bool children);
  Operations::RepeatedWatch WatchFor(const std::string& path, uint64_t generation, bool data);
  void Pump();
  Async<> Work(std::string path);
  Async<> Read(std::string path, uint64_t generation);
  // False: it is gone, or the end.
  Async<bool> ReadData(std::string path, uint64_t generation);
  Async<> ReadChildren(std::string path, uint64_t generation);
  void Take(const std::string& path, Node node);
  void End(absl::Status why);
  Followed* Find(const std::string& path, uint64_t generation);

  const std::string root_;
  Observer observer_;
  Operations operations_;
  std::map<std::string, Node> nodes_;
  std::map<std::string, Followed> followed_;
  std::deque<std::string> stale_;
  uint64_t generations_ = 0;
  int reading_ = 0;
  bool settled_ = false;
  bool ended_ = false;
  Scope scope_;
  std::shared_ptr<TreeCache*> self_;  // watches hold it weakly
};

}  // namespace rookery::client::recipes
