#include "coordinator/client/session_client.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/client/chroot.h"

namespace rookery::client {
namespace {

using model::ErrorCode;

// What fits beside a header into the smallest frame limit in use.
constexpr size_t kRestoreBytesMax = 128 * 1024;
constexpr int64_t kTickUsMin = 20'000;
constexpr int64_t kTickUsMax = 500'000;
constexpr int64_t kHandshakeTimeoutUsMin = 500'000;
// A connection that held so long was a success; shorter ones are met with back-off, so that two
// clients of one session do not chase each other without a pause.
constexpr int64_t kSuccessUs = 1'000'000;

}  // namespace

SessionClient::SessionClient(Executor* executor, const Clock* clock, LinkFactory factory,
                             Options options)
    : executor_(executor),
      clock_(clock),
      factory_(std::move(factory)),
      options_(std::move(options)),
      servers_(options_.servers, options_.seed, options_.backoff_min_ms, options_.backoff_max_ms),
      session_(options_.session),
      password_(options_.password),
      timeout_ms_(options_.session_timeout_ms) {
  for (Credential& credential : options_.credentials) {
    credentials_.push_back({std::move(credential), nullptr});
  }
}

SessionClient::~SessionClient() {
  *alive_ = false;
  if (retry_timer_ != 0) executor_->Cancel(retry_timer_);
  if (tick_timer_ != 0) executor_->Cancel(tick_timer_);
  if (deadline_timer_ != 0) executor_->Cancel(deadline_timer_);
  if (link_) link_->Close();
}

void SessionClient::Later(Task task) {
  executor_->Post([alive = alive_, task = std::move(task)]() mutable {
    if (*alive) task();
  });
}

void SessionClient::Connect() {
  ROOKERY_CHECK(state_ == SessionState::kNotConnected) << "a client connects once";
  ArmTick(clock_->NowUs());
  state_ = SessionState::kConnecting;
  Later([this] {
    TellState();
    if (!IsFinal(state_) && !link_) {
      servers_.MoveOn();
      TryServer();
    }
  });
}

// --- connections

void SessionClient::TryServer() {
  link_ = factory_(servers_.Current(), this);
  opened_at_us_ = clock_->NowUs();
  Hello hello;
  hello.session = session_;
  hello.password = password_;
  hello.timeout_ms = options_.session_timeout_ms;
  hello.connect_timeout_ms = static_cast<int32_t>(HandshakeTimeoutUs() / 1000);
  hello.last_zxid_seen = last_zxid_;
  for (const KnownCredential& known : credentials_) hello.credentials.push_back(known.credential);
  credentials_presented_ = credentials_.size();
  credentials_answered_ = 0;
  link_->Open(hello);
}

int64_t SessionClient::HandshakeTimeoutUs() const {
  if (options_.connect_timeout_ms > 0) return options_.connect_timeout_ms * 1000LL;
  return std::max<int64_t>(kHandshakeTimeoutUsMin,
                           timeout_ms_ * 1000LL / static_cast<int64_t>(servers_.size() + 1));
}

void SessionClient::OnOpened(Opened opened) {
  heard_at_us_ = sent_at_us_ = clock_->NowUs();
  heard_since_tick_ = asked_since_tick_ = false;
  if (opened.session == 0) return Finish(SessionState::kExpired, ErrorCode::kSessionExpired);
  connected_at_us_ = heard_at_us_;
  session_ = opened.session;
  password_ = std::move(opened.password);
  timeout_ms_ = opened.timeout_ms;
  for (; credentials_presented_ < credentials_.size(); ++credentials_presented_) {
    link_->SendCredential(credentials_[credentials_presented_].credential);
  }
  for (const auto& watches : watches_.ToRestore(last_zxid_, kRestoreBytesMax)) {
    link_->RestoreWatches(watches);
  }
  const auto staying = watches_.Staying();
  SetState(opened.read_only ? SessionState::kConnectedReadOnly : SessionState::kConnected);
  for (const auto& [path, watch] : staying) {
    if (!Connected()) break;
    (*watch)({WatchEvent::Kind::kReconnected, RemoveChroot(options_.chroot, path), -1});
  }
  while (Connected() && !queued_.empty()) {
    Waiting next = std::move(queued_.front());
    queued_.pop_front();
    Send(next.operation, std::move(next.request));
  }
}

void SessionClient::OnClosed(absl::Status why) {
  LoseLink(why.ok() ? "closed by the server" : why.message());
}

void SessionClient::RetireLink() {
  if (!link_) return;
  link_->Close();
  // The link may be calling us: it lives until its call has returned.
  executor_->Post([link = std::move(link_)] {});
}

void SessionClient::LoseLink(absl::string_view why) {
  last_failure_ = absl::StrCat(servers_.Current().ToString(), ": ", why);
  RetireLink();
  if (Connected() && clock_->NowUs() - connected_at_us_ >= kSuccessUs) servers_.Succeeded();
  if (closing_) {
    // A close that was not answered counts as done: the session ends by itself.
    FailSent(ErrorCode::kConnectionLoss);
    if (!IsFinal(state_)) Finish(SessionState::kClosed, ErrorCode::kSessionExpired);
    return;
  }
  SetState(SessionState::kConnecting);
  FailSent(ErrorCode::kConnectionLoss);
  // A callback may have ended the client or found its way to another link.
  if (IsFinal(state_) || link_ || retry_timer_ != 0) return;
  const int64_t wait_ms = servers_.MoveOn();
  retry_timer_ = executor_->RunAfter(wait_ms * 1000, [this] {
    retry_timer_ = 0;
    TryServer();
  });
}

void SessionClient::OnHeard() { heard_at_us_ = clock_->NowUs(); }

// --- credentials

void SessionClient::AddCredential(Credential credential, absl::AnyInvocable<void(ErrorCode)> done) {
  if (IsFinal(state_)) {
    return Later([error = FinalError(), done = std::move(done)]() mutable {
      if (done) done(error);
    });
  }
  credentials_.push_back({std::move(credential), std::move(done)});
  if (!Connected()) return;  // it goes with the next hello, or behind the one under way
  sent_at_us_ = clock_->NowUs();
  link_->SendCredential(credentials_[credentials_presented_++].credential);
}

void SessionClient::OnCredential(ErrorCode error) {
  heard_at_us_ = clock_->NowUs();
  if (error != ErrorCode::kOk) return Finish(SessionState::kAuthFailed, ErrorCode::kAuthFailed);
  ROOKERY_CHECK(credentials_answered_ < credentials_.size())
      << "a link answered a credential that was never sent";
  auto done = std::exchange(credentials_[credentials_answered_++].done, nullptr);
  if (done) done(error);
}

// --- ends

void SessionClient::Close(absl::AnyInvocable<void()> done) {
  if (IsFinal(state_)) {
    return Later([done = std::move(done)]() mutable {
      if (done) done();
    });
  }
  if (done) close_waiters_.push_back(std::move(done));
  if (std::exchange(closing_, true)) return;
  if (!Connected()) {
    return Later([this] {
      if (!IsFinal(state_)) Finish(SessionState::kClosed, ErrorCode::kSessionExpired);
    });
  }
  Request request;
  request.close = true;
  // A server that does not answer cannot keep us.
  close_deadline_us_ = clock_->NowUs() + HandshakeTimeoutUs();
  Enqueue(model::WriteOperation(model::CloseSessionRequest()), std::move(request));
}

void SessionClient::Finish(SessionState state, ErrorCode error) {
  RetireLink();
  if (retry_timer_ != 0) executor_->Cancel(std::exchange(retry_timer_, 0));
  if (tick_timer_ != 0) executor_->Cancel(std::exchange(tick_timer_, 0));
  if (deadline_timer_ != 0) executor_->Cancel(std::exchange(deadline_timer_, 0));
  SetState(state);
  FailSent(error);
  FailQueued(error);
  for (auto& [path, watch] : watches_.TakeAll()) {
    (*watch)({WatchEvent::Kind::kSessionLost, RemoveChroot(options_.chroot, path), -1});
  }
  for (KnownCredential& known : std::exchange(credentials_, {})) {
    if (known.done) known.done(error);
  }
  for (auto& done : std::exchange(close_waiters_, {})) done();
}

ErrorCode SessionClient::FinalError() const {
  return state_ == SessionState::kAuthFailed ? ErrorCode::kAuthFailed : ErrorCode::kSessionExpired;
}

void SessionClient::SetState(SessionState state) {
  if (state_ == state) return;
  state_ = state;
  TellState();
}

void SessionClient::TellState() {
  if (options_.observer) options_.observer(state_);
  listeners_.Tell(state_);
}

// --- time

int64_t SessionClient::TickUs() const {
  return std::clamp<int64_t>(timeout_ms_ * 1000LL / 12, kTickUsMin, kTickUsMax);
}

void SessionClient::ArmTick(int64_t now_us) {
  next_tick_us_ = now_us + TickUs();
  tick_timer_ = executor_->RunAfter(TickUs(), [this] { Tick(); });
}

void SessionClient::Tick() {
  const int64_t now_us = clock_->NowUs();
  ArmTick(now_us);
  if (std::exchange(heard_since_tick_, false)) heard_at_us_ = now_us;
  if (std::exchange(asked_since_tick_, false)) sent_at_us_ = now_us;
  if (close_deadline_us_ != 0 && now_us >= close_deadline_us_)
    return LoseLink("no answer to the close");
  if (Connected()) {
    const int64_t timeout_us = timeout_ms_ * 1000LL;
    if (now_us - heard_at_us_ >= timeout_us * 2 / 3) {
      LoseLink("silent for two thirds of the session's timeout");
    } else if (now_us - sent_at_us_ >= timeout_us / 3 - TickUs()) {
      sent_at_us_ = now_us;
      link_->SendHeartbeat();
    }
  } else if (link_ && now_us - opened_at_us_ >= HandshakeTimeoutUs()) {
    LoseLink("no session within the time for connecting");
  }
}

}  // namespace rookery::client
