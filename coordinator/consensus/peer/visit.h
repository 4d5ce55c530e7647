// One hello to a server and its answer, then the connection ends: how a server that belongs to no
// ensemble yet learns who is there.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/consensus/peer/frame_stream.h"

namespace rookery::consensus {

class Visit : public PeerFrameOwner {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<HelloAnswerFrame>)>;

  // Calls `done` once, later; not if the visit is destroyed before. `done` may destroy the visit.
  Visit(Executor* executor, Network* network, const Address& address, Hello self,
        int64_t timeout_us, Done done);
  ~Visit() override;

 private:
  void OnFrame(PeerFrame frame) override;
  void OnEnded(absl::Status why) override;
  void Finish(absl::StatusOr<HelloAnswerFrame> answer);

  Executor* executor_;
  Hello self_;
  Done done_;
  TimerId timer_ = 0;
  std::unique_ptr<FrameStream> stream_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::consensus
