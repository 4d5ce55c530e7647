// Serves checkpoint files on the election port, to several receivers at once. The receiver asks for
// pieces, so it sets the pace; files are read on a background executor, one piece per receiver at a
// time.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/consensus/peer/checkpoint_files.h"
#include "coordinator/consensus/peer/checkpoint_frame.h"

namespace rookery::consensus {

class CheckpointSession;

struct CheckpointSenderOptions {
  Address listen;  // the election port of this server
  // A receiver whose connection broke has this long to come back before the transfer has failed.
  int64_t return_timeout_us = 5'000'000;
  // A connection on which nothing happens this long is closed; a receiver verifies in silence.
  int64_t idle_timeout_us = 300'000'000;
  size_t sessions_max = 16;
};

class CheckpointSender {
 public:
  // Decides who is served; PeerHub::Judge.
  using Judge = absl::AnyInvocable<HelloVerdict(const Hello&)>;
  // How the transfer of checkpoint `name` to `receiver` ended: OK when the receiver has it,
  // verified and synced; DataLoss when the receiver found it damaged, or its files cannot be read
  // here; NotFound when there is none of that name. Called once per transfer, from a task: the
  // engine's report of the snapshot (R0e).
  using OnEnded =
      absl::AnyInvocable<void(EngineId receiver, const std::string& name, absl::Status outcome)>;

  // All pointers outlive the sender.
  CheckpointSender(Executor* executor, BackgroundExecutor* background, Network* network,
                   const Clock* clock, CheckpointFiles* files, CheckpointSenderOptions options);
  ~CheckpointSender();

  // AlreadyExists: the port is in use.
  absl::Status Start(Judge judge, OnEnded on_ended);
  Address Local() const;

  // Checkpoints that are being sent, or whose receiver may still come back: not to be removed.
  std::vector<std::string> Serving() const;

 private:
  friend class CheckpointSession;
  using Key = std::pair<EngineId, std::string>;

  using FileList = std::shared_ptr<const std::vector<CheckpointFile>>;

  void OnAccept(std::unique_ptr<Stream> stream);
  void WithFiles(const std::string& name);
  void OnHashed(const std::string& name, absl::StatusOr<std::vector<CheckpointFile>> files);
  // The files are not what the list says (any more).
  void Forget(const std::string& name);
  void OnSessionEnded(CheckpointSession* session, absl::Status why, bool final);

  Executor* executor_;
  BackgroundExecutor* background_;
  Network* network_;
  const Clock* clock_;
  CheckpointFiles* files_;
  CheckpointSenderOptions options_;
  Judge judge_;
  OnEnded on_ended_;
  std::unique_ptr<rookery::Listener> door_;
  std::list<std::unique_ptr<CheckpointSession>> sessions_;
  std::map<std::string, FileList> lists_;  // by checkpoint; null while it is computed
  std::map<Key, TimerId> broken_;          // waits for the receiver to come back
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::consensus
