#include "coordinator/consensus/peer/outgoing_link.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/consensus/peer/hub.h"

namespace rookery::consensus {
namespace {

// A connection that lasted this long was a good one: after it breaks, pauses begin anew.
constexpr int64_t kStableUs = 250'000;

}  // namespace

OutgoingLink::OutgoingLink(PeerHub* hub, EngineId peer, Address address)
    : hub_(hub), peer_(peer), address_(std::move(address)) {
  Connect();
}

OutgoingLink::~OutgoingLink() { Drop(); }

void OutgoingLink::Drop() {
  ++*attempt_;
  if (timer_ != 0) hub_->executor_->Cancel(timer_);
  timer_ = 0;
  FrameStream::Dispose(hub_->executor_, std::move(stream_));
  boot_id_ = 0;
}

void OutgoingLink::TryNow() {
  if (state_ == State::kWaiting) Connect();
}

void OutgoingLink::Restart(bool at_once) {
  if (state_ == State::kStopped) return;
  Drop();
  if (at_once) {
    Connect();
  } else {
    WaitAndRetry();
  }
}

void OutgoingLink::SetAddress(Address address) {
  if (address == address_) return;
  address_ = std::move(address);
  if (state_ != State::kUp) Restart(true);
}

void OutgoingLink::Stop(std::string reason) {
  if (state_ == State::kUp) {
    stream_->Send(EncodePeerFrame(GoodbyeFrame{std::move(reason), hub_->stopping_}));
    stream_->CloseAfterFlush();
  }
  Drop();
  state_ = State::kStopped;
}

void OutgoingLink::Connect() {
  Drop();
  state_ = State::kConnecting;
  hub_->network_->Connect(address_, hub_->options_.connect_timeout_us,
                          [this, attempt = *attempt_, current = std::weak_ptr<uint64_t>(attempt_)](
                              absl::StatusOr<std::unique_ptr<Stream>> stream) {
                            const std::shared_ptr<uint64_t> now = current.lock();
                            if (now == nullptr || *now != attempt) return;
                            OnConnected(std::move(stream));
                          });
}

void OutgoingLink::OnConnected(absl::StatusOr<std::unique_ptr<Stream>> stream) {
  if (!stream.ok()) return Fail(stream.status());
  state_ = State::kHello;
  stream_ = std::make_unique<FrameStream>(hub_->executor_, *std::move(stream),
                                          hub_->options_.frame_bytes_max, this);
  stream_->Start();
  stream_->Send(EncodePeerFrame(HelloFrame{hub_->self_, peer_}));
  timer_ = hub_->executor_->RunAfter(hub_->options_.hello_timeout_us, [this] {
    timer_ = 0;
    Fail(absl::DeadlineExceededError("connected, but the hello was not answered in time"));
  });
}

void OutgoingLink::OnFrame(PeerFrame frame) {
  if (auto* answer = std::get_if<HelloAnswerFrame>(&frame)) {
    if (state_ == State::kHello) return OnAnswer(*answer);
  } else if (std::get_if<PongFrame>(&frame) != nullptr) {
    last_answer_us_ = hub_->clock_->NowUs();
    return;
  } else if (auto* goodbye = std::get_if<GoodbyeFrame>(&frame)) {
    return hub_->OnGoodbye(peer_, goodbye->stopping, goodbye->reason, /*outgoing=*/true);
  } else if (std::get_if<UnknownFrame>(&frame) != nullptr) {
    return;
  }
  Fail(absl::InvalidArgumentError("the peer answered with a frame that is not an answer"));
}

void OutgoingLink::OnAnswer(const HelloAnswerFrame& answer) {
  if (answer.refusal != HelloRefusal::kNone) {
    return Fail(absl::PermissionDeniedError(
        absl::StrCat("server.", answer.hello.line.number, " refused this server: ", answer.text)));
  }
  // It let us in; whether it is the one that we looked for is for us to judge.
  const HelloVerdict verdict =
      JudgeHello(hub_->self_, hub_->members_, hub_->ensemble_level_, answer.hello, 0);
  if (verdict.refusal != HelloRefusal::kNone || answer.hello.engine_id != peer_) {
    return Fail(absl::PermissionDeniedError(verdict.refusal != HelloRefusal::kNone
                                                ? verdict.text
                                                : absl::StrCat("expected engine id ", peer_, " at ",
                                                               address_.ToString(), ", found ",
                                                               answer.hello.engine_id)));
  }
  hub_->executor_->Cancel(timer_);
  timer_ = 0;
  state_ = State::kUp;
  boot_id_ = answer.hello.boot_id;
  up_since_us_ = last_answer_us_ = hub_->clock_->NowUs();
  next_ping_us_ = up_since_us_ + hub_->options_.ping_interval_us;
  timer_ = hub_->executor_->RunAfter(hub_->options_.ping_interval_us, [this] { Ping(); });
  hub_->OnOutgoingUp(peer_);
}

void OutgoingLink::Ping() {
  timer_ = 0;
  const int64_t now = hub_->clock_->NowUs();
  // After a pause of this process the peer's answers may still wait unread.
  if (now - next_ping_us_ > hub_->options_.ping_interval_us) last_answer_us_ = now;
  if (now - last_answer_us_ > hub_->options_.silence_timeout_us) {
    return OnEnded(absl::DeadlineExceededError("the peer answers no pings"));
  }
  stream_->Send(EncodePeerFrame(PingFrame{++ping_number_}));
  next_ping_us_ = now + hub_->options_.ping_interval_us;
  timer_ = hub_->executor_->RunAfter(hub_->options_.ping_interval_us, [this] { Ping(); });
}

void OutgoingLink::OnEnded(absl::Status why) {
  if (state_ != State::kUp) return Fail(std::move(why));
  const bool stable = hub_->clock_->NowUs() - up_since_us_ >= kStableUs;
  if (stable) pause_us_ = 0;
  Drop();
  // At once, since a refusal tells that the process is gone; a link that keeps breaking is paused.
  if (pause_us_ == 0) {
    Connect();
  } else {
    WaitAndRetry();
  }
  if (!stable && pause_us_ == 0) pause_us_ = hub_->options_.retry_first_us;
  hub_->OnOutgoingDown(peer_, why);
}

void OutgoingLink::Fail(absl::Status why) {
  const bool connecting = state_ == State::kConnecting;
  Drop();
  WaitAndRetry();
  hub_->OnAttemptFailed(peer_, connecting, why);
}

void OutgoingLink::WaitAndRetry() {
  state_ = State::kWaiting;
  pause_us_ =
      std::clamp(pause_us_ * 2, hub_->options_.retry_first_us, hub_->options_.retry_most_us);
  const int64_t jitter = hub_->random_.Between(-pause_us_ / 4, pause_us_ / 4);
  timer_ = hub_->executor_->RunAfter(pause_us_ + jitter, [this] {
    timer_ = 0;
    Connect();
  });
}

}  // namespace rookery::consensus
