#include "coordinator/store/memory/memory_disk.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::store {

void MemoryDisk::WriteFile(absl::string_view directory, absl::string_view name, std::string bytes) {
  const std::lock_guard lock(mutex_);
  directories_[std::string(directory)][std::string(name)] = std::move(bytes);
}

absl::StatusOr<MemoryDisk::Files> MemoryDisk::ReadDirectory(absl::string_view directory) const {
  const std::lock_guard lock(mutex_);
  const auto place = directories_.find(std::string(directory));
  if (place == directories_.end()) {
    return absl::NotFoundError(absl::StrCat("there is no directory ", directory));
  }
  return place->second;
}

bool MemoryDisk::HasDirectory(absl::string_view directory) const {
  const std::lock_guard lock(mutex_);
  return directories_.contains(std::string(directory));
}

void MemoryDisk::RemoveDirectory(absl::string_view directory) {
  const std::lock_guard lock(mutex_);
  directories_.erase(std::string(directory));
}

bool MemoryDisk::HasState(absl::string_view name) const {
  const std::lock_guard lock(mutex_);
  return states_.contains(std::string(name));
}

MemoryDisk::MapRef MemoryDisk::State(absl::string_view name) {
  const std::lock_guard lock(mutex_);
  StateMap& state = states_.at(std::string(name));
  state.shared = true;
  return state.map;
}

void MemoryDisk::ReadState(absl::string_view name, absl::FunctionRef<void(const Map&)> read) const {
  const std::lock_guard lock(mutex_);
  read(*states_.at(std::string(name)).map);
}

void MemoryDisk::SetState(absl::string_view name, Map state) {
  const std::lock_guard lock(mutex_);
  states_[std::string(name)] = {.map = std::make_shared<Map>(std::move(state))};
}

void MemoryDisk::ChangeState(absl::string_view name, absl::FunctionRef<void(Map*)> change) {
  const std::lock_guard lock(mutex_);
  StateMap& state = states_.at(std::string(name));
  if (state.shared) state = {.map = std::make_shared<Map>(*state.map)};
  change(state.map.get());
}

void MemoryDisk::RemoveStatesBut(absl::string_view name) {
  const std::lock_guard lock(mutex_);
  std::erase_if(states_, [&](const auto& state) { return state.first != name; });
}

void MemoryDisk::RemoveState(absl::string_view name) {
  const std::lock_guard lock(mutex_);
  states_.erase(std::string(name));
}

std::vector<std::string> MemoryDisk::StateNames() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, state] : states_) names.push_back(name);
  return names;
}

}  // namespace rookery::store
