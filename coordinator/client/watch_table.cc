#include "coordinator/client/watch_table.h"

#include <utility>

namespace rookery::client {

void WatchTable::Add(WatchKind kind, const std::string& path, Watch watch) {
  ByPath& table = kind == WatchKind::kData ? data_ : kind == WatchKind::kExist ? exist_ : child_;
  table[path].push_back(std::move(watch));
}

void WatchTable::MoveOut(ByPath* from, const std::string& path, std::vector<Watch>* to) {
  const auto found = from->find(path);
  if (found == from->end()) return;
  for (Watch& watch : found->second) to->push_back(std::move(watch));
  from->erase(found);
}

std::vector<Watch> WatchTable::Take(const model::Event& event) {
  std::vector<Watch> told;
  switch (event.type) {
    case model::EventType::kNodeCreated:
    case model::EventType::kNodeDataChanged:
      MoveOut(&data_, event.path, &told);
      MoveOut(&exist_, event.path, &told);
      break;
    case model::EventType::kNodeChildrenChanged:
      MoveOut(&child_, event.path, &told);
      break;
    case model::EventType::kNodeDeleted:
      MoveOut(&data_, event.path, &told);
      MoveOut(&exist_, event.path, &told);
      MoveOut(&child_, event.path, &told);
      break;
  }
  return told;
}

std::vector<std::pair<std::string, Watch>> WatchTable::TakeAll() {
  std::vector<std::pair<std::string, Watch>> all;
  for (ByPath* table : {&data_, &exist_, &child_}) {
    for (auto& [path, watches] : *table) {
      for (Watch& watch : watches) all.emplace_back(path, std::move(watch));
    }
    table->clear();
  }
  return all;
}

std::vector<model::SetWatchesRequest> WatchTable::ToRestore(model::Zxid last_zxid,
                                                            size_t bytes_max) const {
  std::vector<model::SetWatchesRequest> requests;
  size_t bytes = bytes_max;  // the first path opens the first request
  const auto add = [&](const ByPath& table,
                       std::vector<std::string> model::SetWatchesRequest::* list) {
    for (const auto& [path, watches] : table) {
      if (bytes >= bytes_max) {
        requests.push_back({.relative_zxid = last_zxid});
        bytes = 0;
      }
      (requests.back().*list).push_back(path);
      bytes += path.size() + 4;
    }
  };
  add(data_, &model::SetWatchesRequest::data);
  add(exist_, &model::SetWatchesRequest::exist);
  add(child_, &model::SetWatchesRequest::child);
  return requests;
}

}  // namespace rookery::client
