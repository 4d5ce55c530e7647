#include "coordinator/consensus/peer/visit.h"

#include <utility>

namespace rookery::consensus {
namespace {

constexpr size_t kAnswerBytesMax = 1u << 20;

}  // namespace

Visit::Visit(Executor* executor, Network* network, const Address& address, Hello self,
             int64_t timeout_us, Done done)
    : executor_(executor), self_(std::move(self)), done_(std::move(done)) {
  timer_ = executor_->RunAfter(timeout_us, [this] {
    timer_ = 0;
    Finish(absl::DeadlineExceededError("no answer in time"));
  });
  network->Connect(
      address, timeout_us,
      [this, alive = std::weak_ptr<bool>(alive_)](absl::StatusOr<std::unique_ptr<Stream>> stream) {
        if (alive.expired() || !done_) return;
        if (!stream.ok()) return Finish(stream.status());
        stream_ =
            std::make_unique<FrameStream>(executor_, *std::move(stream), kAnswerBytesMax, this);
        stream_->Start();
        stream_->Send(EncodePeerFrame(HelloFrame{self_, 0}));
      });
}

Visit::~Visit() {
  if (timer_ != 0) executor_->Cancel(timer_);
  FrameStream::Dispose(executor_, std::move(stream_));
}

void Visit::OnFrame(PeerFrame frame) {
  if (auto* answer = std::get_if<HelloAnswerFrame>(&frame)) return Finish(std::move(*answer));
  Finish(absl::InvalidArgumentError("expected an answer to the hello, found another frame"));
}

void Visit::OnEnded(absl::Status why) { Finish(std::move(why)); }

void Visit::Finish(absl::StatusOr<HelloAnswerFrame> answer) {
  if (!done_) return;
  if (timer_ != 0) executor_->Cancel(timer_);
  timer_ = 0;
  FrameStream::Dispose(executor_, std::move(stream_));
  Done done = std::move(done_);
  done_ = nullptr;
  done(std::move(answer));
}

}  // namespace rookery::consensus
