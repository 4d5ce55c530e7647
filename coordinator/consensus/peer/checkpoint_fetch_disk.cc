// The disk of a fetch: what is there already, writing, verifying, giving the directory its name.
#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/plant.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/peer/checkpoint_fetch.h"
#include "coordinator/consensus/peer/checkpoint_hash.h"

namespace rookery::consensus {
namespace {

// Rounds of fetching again what came out wrong; more means that the disk or the peer's files are
// bad.
constexpr int kVerificationsMax = 3;

// Leaves `part` with every file of `wanted`, none longer than it should be, and other unfinished
// directories removed. Returns what is there.
absl::StatusOr<std::vector<FileSize>> PrepareDirectory(CheckpointFiles* files,
                                                       const std::string& part,
                                                       const std::vector<CheckpointFile>& wanted) {
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<std::string> directories, files->Directories());
  for (const std::string& directory : directories) {
    if (directory != part && absl::EndsWith(directory, ".part")) {
      ROOKERY_RETURN_IF_ERROR(files->Remove(directory));
    }
  }
  absl::StatusOr<std::vector<FileSize>> found = files->List(part);
  if (!found.ok() && !absl::IsNotFound(found.status())) {
    ROOKERY_RETURN_IF_ERROR(files->Remove(part));
  }
  std::vector<FileSize> present;
  for (const CheckpointFile& file : wanted) {
    uint64_t size = 0;
    bool there = false;
    if (found.ok()) {
      const auto place = std::lower_bound(
          found->begin(), found->end(), file.name,
          [](const FileSize& each, const std::string& name) { return each.name < name; });
      there = place != found->end() && place->name == file.name;
      if (there) size = place->size;
    }
    if (!there) ROOKERY_RETURN_IF_ERROR(files->Write(part, file.name, 0, ""));
    if (size > file.size) {
      ROOKERY_RETURN_IF_ERROR(files->Truncate(part, file.name, 0));
      size = 0;
    }
    present.push_back({file.name, size});
  }
  return present;
}

}  // namespace

template <typename Result>
void CheckpointFetch::InBackground(absl::AnyInvocable<Result()> work,
                                   absl::AnyInvocable<void(Result)> then) {
  background_->Run([this, core = executor_, alive = std::weak_ptr<uint64_t>(alive_),
                    work = std::move(work), then = std::move(then)]() mutable {
    core->Post([this, alive = std::move(alive), then = std::move(then), result = work()]() mutable {
      if (!alive.expired() && done_) then(std::move(result));
    });
  });
}

template void CheckpointFetch::InBackground<absl::Status>(absl::AnyInvocable<absl::Status()>,
                                                          absl::AnyInvocable<void(absl::Status)>);

void CheckpointFetch::Prepare() {
  phase_ = Phase::kPreparing;
  using Present = absl::StatusOr<std::vector<FileSize>>;
  InBackground<Present>([files = files_, part = part_,
                         wanted = manifest_] { return PrepareDirectory(files, part, wanted); },
                        [this](Present present) { OnPrepared(std::move(present)); });
}

void CheckpointFetch::OnPrepared(absl::StatusOr<std::vector<FileSize>> present) {
  if (!present.ok()) return Finish(present.status());
  asked_up_to_.clear();
  for (const FileSize& file : *present) {
    asked_up_to_.push_back(file.size);
    received_bytes_ += file.size;
  }
  if (received_bytes_ > 0) {
    LogInfo("going on with a checkpoint received in part",
            {{"received", received_bytes_}, {"of", total_bytes_}});
  }
  phase_ = Phase::kFiles;
  Pump();
}

void CheckpointFetch::OnWritten(size_t size, absl::Status status) {
  --writing_;
  if (!status.ok()) return Finish(std::move(status));
  received_bytes_ += size;
  Pump();
}

void CheckpointFetch::Verify() {
  phase_ = Phase::kVerifying;
  InBackground<absl::Status>(
      [files = files_, part = part_] {
        if (ROOKERY_PLANTED(kMissingDirectorySync)) return absl::OkStatus();
        return files->Sync(part);
      },
      [this](absl::Status synced) {
        if (!synced.ok()) return Finish(std::move(synced));
        HashDirectory(executor_, background_, files_, part_,
                      [this, alive = std::weak_ptr<uint64_t>(alive_)](
                          absl::StatusOr<std::vector<CheckpointFile>> found) {
                        if (!alive.expired() && done_) OnVerified(std::move(found));
                      });
      });
}

void CheckpointFetch::OnVerified(absl::StatusOr<std::vector<CheckpointFile>> found) {
  if (!found.ok()) return Finish(found.status());
  if (*found == manifest_) return CheckAndPublish();
  if (++verifications_ >= kVerificationsMax) {
    return Finish(absl::DataLossError(
        absl::StrCat("checkpoint ", source_.name, " came out wrong ", verifications_, " times")));
  }
  FetchAgain(*found);
}

// Files that came out wrong are fetched again as a whole; with a stranger among them, all.
void CheckpointFetch::FetchAgain(const std::vector<CheckpointFile>& found) {
  std::vector<std::string> wrong;
  for (size_t i = 0; i < manifest_.size(); ++i) {
    if (found.size() == manifest_.size() && found[i] == manifest_[i]) continue;
    LogWarn("a file of the checkpoint came out wrong and is fetched again",
            {{"file", manifest_[i].name}});
    wrong.push_back(manifest_[i].name);
    received_bytes_ -= manifest_[i].size;
    asked_up_to_[i] = 0;
  }
  first_open_ = 0;
  const bool strangers = found.size() != manifest_.size();
  InBackground<absl::Status>(
      [files = files_, part = part_, wrong, strangers] {
        if (strangers) ROOKERY_RETURN_IF_ERROR(files->Remove(part));
        for (const std::string& name : wrong) {
          ROOKERY_RETURN_IF_ERROR(strangers ? files->Write(part, name, 0, "")
                                            : files->Truncate(part, name, 0));
        }
        return absl::OkStatus();
      },
      [this](absl::Status status) {
        if (!status.ok()) return Finish(std::move(status));
        phase_ = Phase::kFiles;
        Pump();
      });
}

// The peer's files may have been damaged before it took their checksums.
void CheckpointFetch::CheckAndPublish() {
  if (!source_.check) return Publish();
  InBackground<absl::Status>(
      [files = files_, part = part_, check = source_.check] {
        const absl::Status usable = check(files->Path(part));
        if (usable.ok() || absl::IsResourceExhausted(usable)) return usable;
        ROOKERY_RETURN_IF_ERROR(files->Remove(part));
        return absl::DataLossError(
            absl::StrCat("what was received cannot be installed: ", usable.message()));
      },
      [this](absl::Status status) {
        if (!status.ok()) return Finish(std::move(status));
        Publish();
      });
}

void CheckpointFetch::Publish() {
  phase_ = Phase::kPublishing;
  InBackground<absl::Status>(
      [files = files_, part = part_, name = local_name_] { return files->Rename(part, name); },
      [this](absl::Status status) {
        if (!status.ok()) return Finish(std::move(status));
        Finish(files_->Path(local_name_));
      });
}

void CheckpointFetch::Finish(absl::StatusOr<std::string> outcome) {
  if (!done_) return;
  if (outcome.ok()) {
    LogInfo("checkpoint received and verified", {{"bytes", total_bytes_},
                                                 {"files", manifest_.size()},
                                                 {"ms", (clock_->NowUs() - begun_us_) / 1000}});
  } else {
    LogWarn("fetching a checkpoint failed",
            {{"name", source_.name}, {"why", outcome.status().message()}});
  }
  if (stream_ != nullptr) {
    stream_->Send(EncodeCheckpointFrame(
        CheckpointEndFrame{outcome.ok() ? "" : std::string(outcome.status().ToString()),
                           absl::IsDataLoss(outcome.status())}));
    stream_->CloseAfterFlush();
  }
  Drop();
  Done done = std::move(done_);
  done_ = nullptr;
  executor_->Post([done = std::move(done), outcome = std::move(outcome),
                   alive = std::weak_ptr<uint64_t>(alive_)]() mutable {
    if (!alive.expired()) done(std::move(outcome));
  });
}

void CheckpointFetch::LogProgress() {
  log_timer_ = 0;
  if (!done_) return;
  const int64_t elapsed_ms = std::max<int64_t>(1, (clock_->NowUs() - begun_us_) / 1000);
  LogInfo("receiving a checkpoint",
          {{"percent", total_bytes_ == 0 ? 0 : received_bytes_ * 100 / total_bytes_},
           {"bytes", received_bytes_},
           {"of", total_bytes_},
           {"bytes_per_s", received_bytes_ * 1000 / static_cast<uint64_t>(elapsed_ms)}});
  log_timer_ = executor_->RunAfter(options_.log_us, [this] { LogProgress(); });
}

}  // namespace rookery::consensus
