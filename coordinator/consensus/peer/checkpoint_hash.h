// Checksums of a directory's files, computed in small steps on a background executor, so that other
// work gets its turn between them.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "coordinator/base/executor.h"
#include "coordinator/consensus/peer/checkpoint_files.h"
#include "coordinator/consensus/peer/checkpoint_frame.h"

namespace rookery::consensus {

// Calls `done` once, on `core`, with the files by name. `files` and the executors outlive the job.
void HashDirectory(Executor* core, BackgroundExecutor* background, CheckpointFiles* files,
                   std::string directory,
                   absl::AnyInvocable<void(absl::StatusOr<std::vector<CheckpointFile>>)> done);

}  // namespace rookery::consensus
