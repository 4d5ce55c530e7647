#include "coordinator/client/watch_table.h"

#include <algorithm>
#include <iterator>

#include "coordinator/model/path.h"

namespace rookery::client {

void WatchTable::Add(WatchKind kind, const std::string& path, Watch watch) {
  Of(kind)[path].push_back(std::make_shared<Watch>(std::move(watch)));
}

void WatchTable::Remove(WatchKind kind, const std::string& path) { Of(kind).erase(path); }

void WatchTable::MoveOut(WatchKind kind, absl::string_view path, std::vector<Held>* to) {
  ByPath& from = Of(kind);
  const auto found = from.find(path);
  if (found == from.end()) return;
  to->insert(to->end(), std::make_move_iterator(found->second.begin()),
             std::make_move_iterator(found->second.end()));
  from.erase(found);
}

void WatchTable::Copy(WatchKind kind, absl::string_view path, std::vector<Held>* to) const {
  const auto found = Of(kind).find(path);
  if (found == Of(kind).end()) return;
  to->insert(to->end(), found->second.begin(), found->second.end());
}

std::vector<WatchTable::Held> WatchTable::Take(const model::Event& event) {
  std::vector<Held> told;
  const bool children = event.type == model::EventType::kNodeChildrenChanged;
  if (!children) {
    MoveOut(WatchKind::kData, event.path, &told);
    MoveOut(WatchKind::kExist, event.path, &told);
  }
  if (children || event.type == model::EventType::kNodeDeleted) {
    MoveOut(WatchKind::kChild, event.path, &told);
  }
  Copy(WatchKind::kPersistent, event.path, &told);
  if (children || Of(WatchKind::kPersistentRecursive).empty()) return told;
  for (absl::string_view path = event.path;; path = model::ParentPath(path)) {
    Copy(WatchKind::kPersistentRecursive, path, &told);
    if (path.size() <= 1) return told;
  }
}

std::vector<std::pair<std::string, WatchTable::Held>> WatchTable::Staying() const {
  std::vector<std::pair<std::string, Held>> all;
  for (const WatchKind kind : {WatchKind::kPersistent, WatchKind::kPersistentRecursive}) {
    for (const auto& [path, watches] : Of(kind)) {
      for (const Held& watch : watches) all.emplace_back(path, watch);
    }
  }
  return all;
}

std::vector<std::pair<std::string, WatchTable::Held>> WatchTable::TakeAll() {
  std::vector<std::pair<std::string, Held>> all;
  for (ByPath& table : tables_) {
    for (auto& [path, watches] : table) {
      for (Held& watch : watches) all.emplace_back(path, std::move(watch));
    }
    table.clear();
  }
  return all;
}

std::vector<model::SetWatchesRequest> WatchTable::ToRestore(model::Zxid last_zxid,
                                                            size_t bytes_max) const {
  using Request = model::SetWatchesRequest;
  std::vector<Request> requests;
  size_t bytes = bytes_max;  // the first path opens the first request
  const auto add = [&](WatchKind kind, std::vector<std::string> Request::* list) {
    for (const auto& [path, watches] : Of(kind)) {
      if (bytes >= bytes_max) {
        requests.push_back({.relative_zxid = last_zxid});
        bytes = 0;
      }
      (requests.back().*list).push_back(path);
      bytes += path.size() + 4;
    }
  };
  add(WatchKind::kData, &Request::data);
  add(WatchKind::kExist, &Request::exist);
  add(WatchKind::kChild, &Request::child);
  add(WatchKind::kPersistent, &Request::persistent);
  add(WatchKind::kPersistentRecursive, &Request::persistent_recursive);
  return requests;
}

bool WatchTable::empty() const {
  return std::all_of(std::begin(tables_), std::end(tables_),
                     [](const ByPath& table) { return table.empty(); });
}

}  // namespace rookery::client
