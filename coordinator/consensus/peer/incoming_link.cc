#include "coordinator/consensus/peer/incoming_link.h"

#include <utility>

#include "coordinator/consensus/peer/hub.h"

namespace rookery::consensus {
namespace {

// A hello is a few kilobytes; who has not said one gets no more room than this.
constexpr size_t kHelloBytesMax = 1u << 20;

}  // namespace

IncomingLink::IncomingLink(PeerHub* hub, std::unique_ptr<Stream> stream)
    : hub_(hub),
      executor_(hub->executor_),
      stream_(
          std::make_unique<FrameStream>(hub->executor_, std::move(stream), kHelloBytesMax, this)) {
  timer_ = executor_->RunAfter(hub_->options_.hello_timeout_us, [this] {
    timer_ = 0;
    OnEnded(absl::DeadlineExceededError("no hello came in time"));
  });
  stream_->Start();
}

IncomingLink::~IncomingLink() {
  Close();
  FrameStream::Dispose(executor_, std::move(stream_));
}

void IncomingLink::Close() {
  if (timer_ != 0) executor_->Cancel(timer_);
  timer_ = 0;
  stream_->Close();
}

void IncomingLink::Stop(std::string reason) {
  if (peer_ != 0) {
    stream_->Send(EncodePeerFrame(GoodbyeFrame{std::move(reason), hub_->stopping_}));
    stream_->CloseAfterFlush();
  }
  Close();
}

void IncomingLink::Accept(const Hello& hello) {
  peer_ = hello.engine_id;
  boot_id_ = hello.boot_id;
  disk_id_ = hello.disk_id;
  line_ = hello.line;
  stream_->set_frame_bytes_max(hub_->options_.frame_bytes_max);
  stream_->Send(EncodePeerFrame(HelloAnswerFrame{hub_->self_, HelloRefusal::kNone, "", ""}));
  executor_->Cancel(timer_);
  WatchSilence(hub_->options_.silence_timeout_us);
}

void IncomingLink::Refuse(const HelloVerdict& verdict, std::string member_list) {
  stream_->Send(EncodePeerFrame(
      HelloAnswerFrame{hub_->self_, verdict.refusal, verdict.text, std::move(member_list)}));
  stream_->CloseAfterFlush();
  Close();
}

void IncomingLink::WatchSilence(int64_t timeout_us) {
  heard_ = false;
  const int64_t due_us = hub_->clock_->NowUs() + timeout_us;
  timer_ = executor_->RunAfter(timeout_us, [this, timeout_us, due_us] {
    timer_ = 0;
    // After a pause of this process what the peer said may still wait unread.
    const bool late = hub_->clock_->NowUs() - due_us > hub_->options_.ping_interval_us;
    if (heard_ || late) return WatchSilence(timeout_us);
    OnEnded(absl::DeadlineExceededError("the peer has fallen silent"));
  });
}

void IncomingLink::OnFrame(PeerFrame frame) {
  heard_ = true;
  if (peer_ == 0) {
    if (auto* hello = std::get_if<HelloFrame>(&frame)) return hub_->OnHello(this, *hello);
    return OnEnded(absl::InvalidArgumentError("expected a hello, found another frame"));
  }
  if (auto* engine = std::get_if<EngineFrame>(&frame)) {
    hub_->OnEngineFrame(peer_, std::move(engine->bytes));
  } else if (auto* application = std::get_if<ApplicationFrame>(&frame)) {
    hub_->OnApplicationFrame(peer_, std::move(application->bytes));
  } else if (auto* ping = std::get_if<PingFrame>(&frame)) {
    stream_->Send(EncodePeerFrame(PongFrame{ping->number}));
  } else if (auto* goodbye = std::get_if<GoodbyeFrame>(&frame)) {
    hub_->OnGoodbye(peer_, goodbye->stopping, goodbye->reason, /*outgoing=*/false);
  } else if (std::get_if<UnknownFrame>(&frame) == nullptr) {
    OnEnded(absl::InvalidArgumentError("a frame that has no place after the hello"));
  }
}

void IncomingLink::OnEnded(absl::Status why) {
  Close();
  hub_->OnIncomingEnded(this, std::move(why));
}

}  // namespace rookery::consensus
