// Fetches the files of one checkpoint from a peer: asks for pieces, several at a time, writes them,
// and goes on where it stopped when the connection breaks or the process starts again. Ends with a
// directory that was received, verified and synced, or with a reason. The peer is told whether the
// checkpoint itself was the reason, so that it offers this one to nobody again.
//
// Received files wait in the directory "<local name>.<hash of the file list>.part", so that only
// the very same checkpoint is continued.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/consensus/peer/checkpoint_files.h"
#include "coordinator/consensus/peer/checkpoint_frame.h"
#include "coordinator/consensus/peer/frame_stream.h"

namespace rookery::consensus {

struct CheckpointFetchOptions {
  uint32_t piece_bytes = 256u << 10;
  // Pieces asked for or being written: the flow control of the transfer.
  size_t pieces_max = 16;
  int64_t connect_timeout_us = 2'000'000;
  // The sender computes checksums before it answers, and every piece takes it a disk read.
  int64_t manifest_timeout_us = 120'000'000;
  int64_t piece_timeout_us = 15'000'000;
  int64_t retry_first_us = 50'000;  // doubled up to the most
  int64_t retry_most_us = 2'000'000;
  int attempts_max = 8;  // in a row without a single piece
  int64_t log_us = 2'000'000;
};

class CheckpointFetch : public FrameStream::Owner {
 public:
  // The path of the finished directory. NotFound: the peer has no such checkpoint (any more).
  // DataLoss: what it has is damaged. FailedPrecondition: it serves none to this server.
  // Unavailable: it could not be reached, again and again; what was received is kept for the next
  // fetch. Else: this server's disk.
  using Done = absl::AnyInvocable<void(absl::StatusOr<std::string> path)>;
  // What the files in `path` are, once they are all as the peer sent them: whether they can be
  // installed. Blocks; changes nothing there.
  using Check = std::function<absl::Status(const std::string& path)>;

  struct Source {
    Address address;   // the peer's election port
    Hello self;        // how this server presents itself
    std::string name;  // of the checkpoint's directory at the peer
    Check check;       // on `background`; null: nothing is asked
  };

  // Begins. Calls `done` once, from a task of `executor`; it may destroy the fetch, which otherwise
  // gives it up. All pointers outlive the fetch and its work on `background`. REQUIRES:
  // `local_name` is plain; at most one fetch at a time writes to `files`.
  CheckpointFetch(Executor* executor, BackgroundExecutor* background, Network* network,
                  const Clock* clock, CheckpointFiles* files, Source source, std::string local_name,
                  Done done, CheckpointFetchOptions options = {});
  ~CheckpointFetch() override;

  uint64_t received_bytes() const { return received_bytes_; }
  uint64_t total_bytes() const { return total_bytes_; }  // 0 until the manifest came

 private:
  struct Asked {
    uint32_t file;
    uint64_t offset;
    uint32_t size;
  };

  // Connection.
  void Connect();
  absl::Status OnPayload(absl::string_view payload) override;
  void OnEnded(absl::Status why) override;
  void Drop();
  void SetTimer(int64_t timeout_us, std::string what);
  absl::Status OnManifest(CheckpointManifestFrame manifest);
  absl::Status OnPiece(PieceFrame piece);
  void Pump();

  // Disk.
  void Prepare();
  void OnPrepared(absl::StatusOr<std::vector<FileSize>> present);
  void OnWritten(size_t size, absl::Status status);
  void Verify();
  void OnVerified(absl::StatusOr<std::vector<CheckpointFile>> found);
  void FetchAgain(const std::vector<CheckpointFile>& found);
  void CheckAndPublish();
  void Publish();
  // Runs `work` in the background, then `then` with its result here, if the fetch still lives.
  template <typename Result>
  void InBackground(absl::AnyInvocable<Result()> work, absl::AnyInvocable<void(Result)> then);

  void Finish(absl::StatusOr<std::string> outcome);
  void LogProgress();

  Executor* executor_;
  BackgroundExecutor* background_;
  Network* network_;
  const Clock* clock_;
  CheckpointFiles* files_;
  Source source_;
  std::string local_name_;
  Done done_;  // null once finished
  CheckpointFetchOptions options_;

  std::unique_ptr<FrameStream> stream_;
  bool connecting_ = false;
  TimerId timer_ = 0;  // of the connection: what is waited for now
  TimerId log_timer_ = 0;
  int attempts_ = 0;  // without a piece
  std::deque<Asked> asked_;

  std::string part_;  // the directory being filled
  std::vector<CheckpointFile> manifest_;
  std::vector<uint64_t> asked_up_to_;  // per file: everything before was written or asked for
  enum class Phase {
    kManifest,
    kPreparing,
    kFiles,
    kVerifying,
    kPublishing
  } phase_ = Phase::kManifest;
  size_t first_open_ = 0;  // files before it were asked for wholly
  size_t writing_ = 0;
  int verifications_ = 0;
  uint64_t received_bytes_ = 0;
  uint64_t total_bytes_ = 0;
  int64_t begun_us_ = 0;
  std::shared_ptr<uint64_t> alive_ = std::make_shared<uint64_t>(0);  // counts connection attempts
};

}  // namespace rookery::consensus
