// The directories under a data directory: names, formats, removal, and making them durable.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/disk/disk.h"

namespace rookery::store {

// Any thread, except that one at a time may change a directory.
class StateDirectories {
 public:
  // `disk` outlives it.
  StateDirectories(std::string data_dir, Disk* disk)
      : data_dir_(std::move(data_dir)), disk_(disk) {}

  std::string StatePath(absl::string_view name) const;
  std::string CheckpointPath(absl::string_view name) const;
  // Where a checkpoint is made before it gets its name.
  std::string UnfinishedPath(absl::string_view name) const;

  // Sorted.
  absl::StatusOr<std::vector<std::string>> StateNames() const;
  // An empty directory with FORMAT under the next name, which it returns.
  absl::StatusOr<std::string> Make();
  // FailedPrecondition: the state has files of data, and is nothing to be removed in passing.
  absl::Status CheckHoldsNothing(absl::string_view name) const;
  // Gives a received directory the next state name and returns it; one that is a state here keeps
  // its name. Durable.
  absl::StatusOr<std::string> Adopt(absl::string_view directory);
  // Makes an unfinished checkpoint a finished one, durably.
  absl::Status FinishCheckpoint(absl::string_view name);
  absl::Status RemoveUnfinished();
  bool HasCheckpoint(absl::string_view name) const;

 private:
  // Durable.
  absl::Status Rename(const std::string& from, const std::string& to);

  const std::string data_dir_;
  Disk* const disk_;
};

// FORMAT in `directory`, durable; and what is there checked.
absl::Status WriteFormat(Disk& disk, const std::string& directory);
absl::Status ReadFormat(const std::string& directory);

}  // namespace rookery::store
