// The watches that the server holds for a session, and whom to tell. Paths are the server's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/client/client.h"
#include "coordinator/model/event.h"
#include "coordinator/model/request.h"

namespace rookery::client {

enum class WatchKind { kData, kExist, kChild, kPersistent, kPersistentRecursive };

class WatchTable {
 public:
  // Shared, since what stays may be taken away, and more be added, while it is told.
  using Held = std::shared_ptr<Watch>;

  void Add(WatchKind kind, const std::string& path, Watch watch);
  // Forgets those of a kind on exactly this path.
  void Remove(WatchKind kind, const std::string& path);
  // Whom an event concerns: what tells once is taken out, oldest first, then what stays.
  std::vector<Held> Take(const model::Event& event);
  // What stays, by path.
  std::vector<std::pair<std::string, Held>> Staying() const;
  // Takes out everything, by path.
  std::vector<std::pair<std::string, Held>> TakeAll();
  // What a new connection must be told, cut into requests of about `bytes_max` each.
  std::vector<model::SetWatchesRequest> ToRestore(model::Zxid last_zxid, size_t bytes_max) const;
  bool empty() const;

 private:
  using ByPath = std::map<std::string, std::vector<Held>, std::less<>>;
  ByPath& Of(WatchKind kind) { return tables_[static_cast<size_t>(kind)]; }
  const ByPath& Of(WatchKind kind) const { return tables_[static_cast<size_t>(kind)]; }
  void MoveOut(WatchKind kind, absl::string_view path, std::vector<Held>* to);
  void Copy(WatchKind kind, absl::string_view path, std::vector<Held>* to) const;

  ByPath tables_[5];
};

}  // namespace rookery::client
