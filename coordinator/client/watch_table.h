// The watches that the server holds for a session, and whom to tell. Paths are the server's.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "coordinator/client/client.h"
#include "coordinator/model/event.h"
#include "coordinator/model/request.h"

namespace rookery::client {

enum class WatchKind { kData, kExist, kChild };

class WatchTable {
 public:
  void Add(WatchKind kind, const std::string& path, Watch watch);
  // Takes out whom an event concerns, oldest first.
  std::vector<Watch> Take(const model::Event& event);
  // Takes out everything, by path.
  std::vector<std::pair<std::string, Watch>> TakeAll();
  // What a new connection must be told, cut into requests of about `bytes_max` each.
  std::vector<model::SetWatchesRequest> ToRestore(model::Zxid last_zxid, size_t bytes_max) const;
  bool empty() const { return data_.empty() && exist_.empty() && child_.empty(); }

 private:
  using ByPath = std::map<std::string, std::vector<Watch>, std::less<>>;
  static void MoveOut(ByPath* from, const std::string& path, std::vector<Watch>* to);

  ByPath data_;
  ByPath exist_;
  ByPath child_;
};

}  // namespace rookery::client
