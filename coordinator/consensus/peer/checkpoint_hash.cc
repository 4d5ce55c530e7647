#include "coordinator/consensus/peer/checkpoint_hash.h"

#include <xxhash.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::consensus {
namespace {

constexpr size_t kStepBytes = 2u << 20;

struct Job : std::enable_shared_from_this<Job> {
  Job() : state(XXH3_createState(), XXH3_freeState) {}

  // One step: lists, or reads a piece. Runs on the background executor.
  void Step() {
    absl::Status status = listed ? ReadPiece() : List();
    if (!status.ok()) return Finish(std::move(status));
    if (place == result.size()) return Finish(std::move(result));
    Queue();
  }

  void Queue() {
    background->Run([self = shared_from_this()] { self->Step(); });
  }

  absl::Status List() {
    absl::StatusOr<std::vector<FileSize>> sizes = files->List(directory);
    if (!sizes.ok()) return sizes.status();
    for (const FileSize& file : *sizes) result.push_back({file.name, file.size, 0});
    listed = true;
    XXH3_64bits_reset(state.get());
    return absl::OkStatus();
  }

  absl::Status ReadPiece() {
    CheckpointFile& file = result[place];
    absl::StatusOr<std::string> bytes = files->Read(directory, file.name, offset, kStepBytes);
    if (!bytes.ok()) return bytes.status();
    XXH3_64bits_update(state.get(), bytes->data(), bytes->size());
    offset += bytes->size();
    if (offset < file.size && !bytes->empty()) return absl::OkStatus();
    if (offset != file.size) {
      return absl::AbortedError(
          absl::StrCat(directory, "/", file.name, " changed while it was read"));
    }
    file.checksum = XXH3_64bits_digest(state.get());
    XXH3_64bits_reset(state.get());
    ++place;
    offset = 0;
    return absl::OkStatus();
  }

  void Finish(absl::StatusOr<std::vector<CheckpointFile>> outcome) {
    core->Post([done = std::move(done), outcome = std::move(outcome)]() mutable {
      done(std::move(outcome));
    });
  }

  Executor* core = nullptr;
  BackgroundExecutor* background = nullptr;
  CheckpointFiles* files = nullptr;
  std::string directory;
  absl::AnyInvocable<void(absl::StatusOr<std::vector<CheckpointFile>>)> done;
  bool listed = false;
  std::vector<CheckpointFile> result;
  size_t place = 0;     // in result: the file being read
  uint64_t offset = 0;  // in that file
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state;
};

}  // namespace

void HashDirectory(Executor* core, BackgroundExecutor* background, CheckpointFiles* files,
                   std::string directory,
                   absl::AnyInvocable<void(absl::StatusOr<std::vector<CheckpointFile>>)> done) {
  auto job = std::make_shared<Job>();
  job->core = core;
  job->background = background;
  job->files = files;
  job->directory = std::move(directory);
  job->done = std::move(done);
  job->Queue();
}

}  // namespace rookery::consensus
