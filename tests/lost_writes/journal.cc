#include "tests/lost_writes/journal.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rookery::lost_writes {

std::string ToText(const NamedStep& named) {
  const Step& step = named.step;
  switch (step.kind) {
    case Step::Kind::kMakeFile:
      return absl::StrCat("make file ", named.path);
    case Step::Kind::kMakeDirectory:
      return absl::StrCat("make directory ", named.path);
    case Step::Kind::kLink:
      return absl::StrCat("link ", named.path);
    case Step::Kind::kUnlink:
      return absl::StrCat("remove ", named.path);
    case Step::Kind::kRename:
      return absl::StrCat("rename ", named.path);
    case Step::Kind::kWrite:
      return absl::StrCat("write ", step.bytes.size(), " bytes at ", step.offset, " of ",
                          named.path);
    case Step::Kind::kTruncate:
      return absl::StrCat("truncate to ", step.offset, " ", named.path);
    case Step::Kind::kSyncFile:
      return absl::StrCat("sync ", named.path);
    case Step::Kind::kSyncDirectory:
      return absl::StrCat("sync directory ", named.path);
  }
  return "";
}

size_t Journal::size() const {
  const std::lock_guard lock(mutex_);
  return steps_.size();
}

Inode Journal::FindIn(Inode directory, const std::string& name) const {
  const auto entries = directories_.find(directory);
  if (entries == directories_.end()) return 0;
  const auto at = entries->second.find(name);
  return at == entries->second.end() ? 0 : at->second;
}

bool Journal::Place_(const std::string& path, Place* place) const {
  absl::string_view rest = path;
  if (!absl::ConsumePrefix(&rest, root_) || !absl::ConsumePrefix(&rest, "/")) return false;
  const std::vector<std::string> names = absl::StrSplit(rest, '/', absl::SkipEmpty());
  if (names.empty()) return false;
  place->directory = kRoot;
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    place->directory = FindIn(place->directory, names[i]);
    if (directories_.count(place->directory) == 0) return false;
  }
  place->name = names.back();
  return true;
}

Inode Journal::Find(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  if (path == root_) return kRoot;
  Place place;
  return Place_(path, &place) ? FindIn(place.directory, place.name) : 0;
}

void Journal::Add(Step step, const std::string& path) {
  if (forgotten_.count(step.kind) > 0) return;
  absl::string_view shown = path;
  if (absl::ConsumePrefix(&shown, root_)) absl::ConsumePrefix(&shown, "/");
  steps_.push_back({std::move(step), std::string(shown)});
}

bool Journal::MakeFile(const std::string& path, absl::FunctionRef<bool()> call) {
  const std::lock_guard lock(mutex_);
  if (!call()) return false;
  Place place;
  if (!Place_(path, &place)) return true;
  const Inode inode = ++last_;
  directories_[place.directory][place.name] = inode;
  paths_[inode] = path;
  Add({.kind = Step::Kind::kMakeFile,
       .inode = inode,
       .directory = place.directory,
       .name = place.name},
      path);
  return true;
}

bool Journal::MakeDirectory(const std::string& path, absl::FunctionRef<bool()> call) {
  const std::lock_guard lock(mutex_);
  if (!call()) return false;
  Place place;
  if (!Place_(path, &place)) return true;
  const Inode inode = ++last_;
  directories_[place.directory][place.name] = inode;
  directories_[inode] = {};
  paths_[inode] = path;
  Add({.kind = Step::Kind::kMakeDirectory,
       .inode = inode,
       .directory = place.directory,
       .name = place.name},
      path);
  return true;
}

bool Journal::Link(const std::string& from, const std::string& to, absl::FunctionRef<bool()> call) {
  const std::lock_guard lock(mutex_);
  if (!call()) return false;
  Place source, target;
  if (!Place_(from, &source) || !Place_(to, &target)) return true;
  const Inode inode = FindIn(source.directory, source.name);
  if (inode == 0) return true;
  directories_[target.directory][target.name] = inode;
  Add({.kind = Step::Kind::kLink,
       .inode = inode,
       .directory = target.directory,
       .name = target.name},
      to);
  return true;
}

bool Journal::Unlink(const std::string& path, absl::FunctionRef<bool()> call) {
  const std::lock_guard lock(mutex_);
  if (!call()) return false;
  Place place;
  if (!Place_(path, &place) || directories_[place.directory].erase(place.name) == 0) return true;
  Add({.kind = Step::Kind::kUnlink, .directory = place.directory, .name = place.name}, path);
  return true;
}

bool Journal::Rename(const std::string& from, const std::string& to,
                     absl::FunctionRef<bool()> call) {
  const std::lock_guard lock(mutex_);
  if (!call()) return false;
  Place source, target;
  if (!Place_(from, &source) || !Place_(to, &target)) return true;
  const Inode inode = FindIn(source.directory, source.name);
  if (inode == 0) return true;
  directories_[source.directory].erase(source.name);
  directories_[target.directory][target.name] = inode;
  Add({.kind = Step::Kind::kRename,
       .inode = inode,
       .directory = source.directory,
       .to_directory = target.directory,
       .name = source.name,
       .to_name = target.name},
      absl::StrCat(from, " to ", to));
  return true;
}

bool Journal::SyncDirectory(const std::string& path, absl::FunctionRef<bool()> call) {
  const std::lock_guard lock(mutex_);
  if (!call()) return false;
  Place place;
  Inode inode = path == root_ || path == root_ + "/" ? kRoot : 0;
  if (inode == 0 && Place_(path, &place)) inode = FindIn(place.directory, place.name);
  if (inode != 0) Add({.kind = Step::Kind::kSyncDirectory, .inode = inode}, path);
  return true;
}

bool Journal::Write(Inode inode, uint64_t offset, absl::string_view bytes,
                    absl::FunctionRef<bool()> call) {
  const std::lock_guard lock(mutex_);
  if (!call()) return false;
  if (inode == 0 || bytes.empty()) return true;
  Add({.kind = Step::Kind::kWrite, .inode = inode, .offset = offset, .bytes = std::string(bytes)},
      paths_[inode]);
  return true;
}

bool Journal::Truncate(Inode inode, uint64_t size, absl::FunctionRef<bool()> call) {
  const std::lock_guard lock(mutex_);
  if (!call()) return false;
  if (inode != 0) {
    Add({.kind = Step::Kind::kTruncate, .inode = inode, .offset = size}, paths_[inode]);
  }
  return true;
}

bool Journal::SyncFile(Inode inode, absl::FunctionRef<bool()> call) {
  const std::lock_guard lock(mutex_);
  if (!call()) return false;
  if (inode != 0) Add({.kind = Step::Kind::kSyncFile, .inode = inode}, paths_[inode]);
  return true;
}

}  // namespace rookery::lost_writes
