// Directories of files in memory: what a simulated server's disk holds of its state and of its
// checkpoints. It outlives the server's process, and what is in it is durable.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::store {

// Any thread.
class MemoryDisk {
 public:
  using Files = std::map<std::string, std::string>;  // name -> bytes
  using Map = std::map<std::string, std::string>;    // key -> value of a state
  using MapRef = std::shared_ptr<const Map>;

  // --- Checkpoints, and directories received from other servers, by path.
  void WriteFile(absl::string_view directory, absl::string_view name, std::string bytes);
  // NotFound: there is no such directory.
  absl::StatusOr<Files> ReadDirectory(absl::string_view directory) const;
  bool HasDirectory(absl::string_view directory) const;
  void RemoveDirectory(absl::string_view directory);

  // --- States, by name ("state-1").
  bool HasState(absl::string_view name) const;
  // The map as it is now, for ever. REQUIRES, here and below: it exists.
  MapRef State(absl::string_view name);
  // Looks at the map as it is now, during the call.
  void ReadState(absl::string_view name, absl::FunctionRef<void(const Map&)> read) const;
  void SetState(absl::string_view name, Map state);
  // Changes a state in one step; who holds the old map keeps it as it was.
  void ChangeState(absl::string_view name, absl::FunctionRef<void(Map*)> change);
  void RemoveStatesBut(absl::string_view name);
  void RemoveState(absl::string_view name);
  std::vector<std::string> StateNames() const;  // sorted

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Files, std::less<>> directories_;
  struct StateMap {
    std::shared_ptr<Map> map;
    bool shared = false;  // somebody may hold it: it must be copied before it changes
  };
  std::map<std::string, StateMap, std::less<>> states_;
};

}  // namespace rookery::store
