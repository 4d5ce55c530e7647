// One receiver's connection to the checkpoint sender. Private to it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/consensus/peer/checkpoint_sender.h"
#include "coordinator/consensus/peer/frame_stream.h"

namespace rookery::consensus {

class CheckpointSession : public FrameStream::Owner {
 public:
  CheckpointSession(CheckpointSender* sender, std::unique_ptr<Stream> stream);
  ~CheckpointSession() override;

  EngineId receiver() const { return receiver_; }  // 0 until its request was accepted
  const std::string& name() const { return name_; }
  bool waits_for_files() const { return receiver_ != 0 && files_ == nullptr; }

  // Answers the request.
  void Serve(std::shared_ptr<const std::vector<CheckpointFile>> files);
  void Refuse(absl::Status why);
  // Ends the connection; the sender is not used from then on.
  void Close();

 private:
  absl::Status OnPayload(absl::string_view payload) override;
  void OnDrained() override { Pump(); }
  void OnEnded(absl::Status why) override;
  absl::Status OnRequest(const CheckpointRequestFrame& request);
  absl::Status OnPieceRequest(const PieceRequestFrame& request);
  void Pump();
  void OnRead(PieceRequestFrame request, absl::StatusOr<std::string> bytes);
  void WatchIdle(int64_t timeout_us);

  CheckpointSender* sender_;
  Executor* executor_;
  std::unique_ptr<FrameStream> stream_;
  TimerId timer_ = 0;
  bool heard_ = false;  // since the timer was last set
  EngineId receiver_ = 0;
  std::string name_;
  std::shared_ptr<const std::vector<CheckpointFile>> files_;
  std::deque<PieceRequestFrame> wanted_;
  bool reading_ = false;
  uint64_t sent_bytes_ = 0;
  int64_t begun_us_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::consensus
