// Requests of a session from Submit() to their answers, and the events of their watches.
#include <algorithm>
#include <utility>
#include <variant>

#include "coordinator/base/check.h"
#include "coordinator/client/chroot.h"
#include "coordinator/client/session_client.h"

namespace rookery::client {
namespace {

using model::ErrorCode;

// On some machines asking the clock costs more than the rest of a request: timeouts from here on
// are counted from the next tick, which makes them late by a twentieth at most.
constexpr int32_t kExactTimeoutMsMax = 10'000;

WatchKind KindOf(model::WatchMode mode) {
  return mode == model::WatchMode::kPersistentRecursive ? WatchKind::kPersistentRecursive
                                                        : WatchKind::kPersistent;
}

}  // namespace

// Makes a read ask for `watch`, which may be null. Null: it changes no watches.
std::unique_ptr<SessionClient::WatchWish> SessionClient::WishOf(model::ReadOperation* read,
                                                                Watch watch) {
  const auto wish = [&watch](WatchKind kind, const std::string& path) {
    return std::make_unique<WatchWish>(std::move(watch), kind, path);
  };
  if (!watch) {
    const auto* remove = std::get_if<model::RemoveWatchesRequest>(read);
    if (remove == nullptr) return nullptr;
    return wish(remove->type == model::WatcherType::kPersistent ? WatchKind::kPersistent
                                                                : WatchKind::kPersistentRecursive,
                remove->path);
  }
  const auto ask = [&wish](auto& one, WatchKind kind) {
    one.watch = true;
    return wish(kind, one.path);
  };
  if (auto* data = std::get_if<model::GetDataRequest>(read)) return ask(*data, WatchKind::kData);
  if (auto* exists = std::get_if<model::ExistsRequest>(read)) {
    return ask(*exists, WatchKind::kExist);
  }
  if (auto* children = std::get_if<model::GetChildrenRequest>(read)) {
    return ask(*children, WatchKind::kChild);
  }
  if (const auto* add = std::get_if<model::AddWatchRequest>(read)) {
    return wish(KindOf(add->mode), add->path);
  }
  return nullptr;
}

void SessionClient::Submit(Operation operation, Watch watch, Answer done, int32_t timeout_ms) {
  if (IsFinal(state_) || closing_ || queued_.size() + sent_.size() >= options_.requests_max) {
    const ErrorCode error = IsFinal(state_) || closing_ ? FinalError() : ErrorCode::kConnectionLoss;
    return Later([error, done = std::move(done)]() mutable { done({.error = error}); });
  }
  AddChroot(options_.chroot, &operation);
  Request request;
  request.write = std::holds_alternative<model::WriteOperation>(operation);
  if (auto* read = std::get_if<model::ReadOperation>(&operation)) {
    request.watch = WishOf(read, std::move(watch));
  }
  request.done = std::move(done);
  if (timeout_ms == kTimeoutOfOptions) timeout_ms = options_.request_timeout_ms;
  if (timeout_ms > 0) {
    request.deadline_us = DeadlineUs(timeout_ms);
    ArmDeadline(request.deadline_us);
  }
  Enqueue(std::move(operation), std::move(request));
}

void SessionClient::Enqueue(Operation&& operation, Request&& request) {
  if (Connected() && queued_.empty()) {
    Send(operation, std::move(request));
  } else {
    queued_.push_back({std::move(operation), std::move(request)});
  }
}

void SessionClient::Send(const Operation& operation, Request&& request) {
  asked_since_tick_ = true;
  sent_.push_back(std::move(request));
  std::visit([this](const auto& direction) { link_->Send(direction); }, operation);
}

void SessionClient::OnReply(model::Reply&& reply) {
  heard_since_tick_ = true;
  ROOKERY_CHECK(!sent_.empty()) << "a link answered what was never sent";
  if (reply.zxid > 0) last_zxid_ = std::max(last_zxid_, reply.zxid);
  Request& request = sent_.front();
  const bool close = request.close;
  if (request.watch != nullptr) Fulfil(reply.error, std::move(*request.watch));
  Answer done = std::move(request.done);
  sent_.pop_front();  // `request` ends here
  if (close) return Finish(SessionState::kClosed, ErrorCode::kSessionExpired);
  if (!done) return;
  RemoveChroot(options_.chroot, &reply.body);
  done({reply.error, false, reply.zxid, std::move(reply.body)});
}

void SessionClient::Fulfil(ErrorCode error, WatchWish&& wish) {
  WatchKind kind = wish.kind;
  if (error == ErrorCode::kOk) {
    if (!wish.watch) return watches_.Remove(kind, wish.path);
    // An exists that found its node watches the data.
    if (kind == WatchKind::kExist) kind = WatchKind::kData;
  } else if (error != ErrorCode::kNoNode || kind != WatchKind::kExist) {
    return;
  }
  watches_.Add(kind, wish.path, std::move(wish.watch));
}

void SessionClient::OnEvent(const model::Event& event) {
  heard_since_tick_ = true;
  WatchEvent told{KindOf(event.type), RemoveChroot(options_.chroot, event.path), event.zxid};
  for (const WatchTable::Held& watch : watches_.Take(event)) (*watch)(told);
}

void SessionClient::FailSent(ErrorCode error) {
  for (Request& request : std::exchange(sent_, {})) {
    if (request.done) request.done({.error = error, .maybe_applied = request.write});
  }
}

void SessionClient::FailQueued(ErrorCode error) {
  for (Waiting& waiting : std::exchange(queued_, {})) {
    if (waiting.request.done) waiting.request.done({.error = error});
  }
}

int64_t SessionClient::DeadlineUs(int32_t timeout_ms) const {
  const bool exact = timeout_ms < kExactTimeoutMsMax || tick_timer_ == 0;
  return (exact ? clock_->NowUs() : next_tick_us_) + timeout_ms * 1000LL;
}

void SessionClient::ArmDeadline(int64_t deadline_us) {
  if (deadline_timer_ != 0) {
    if (next_deadline_us_ <= deadline_us) return;
    executor_->Cancel(deadline_timer_);
  }
  next_deadline_us_ = deadline_us;
  deadline_timer_ = executor_->RunAfter(deadline_us - clock_->NowUs(), [this] {
    deadline_timer_ = 0;
    ExpireRequests();
  });
}

void SessionClient::ExpireRequests() {
  const int64_t now_us = clock_->NowUs();
  // The callbacks may change the queues: what is late is taken out first.
  std::vector<std::pair<Answer, bool>> late;
  int64_t next_us = 0;
  const auto is_late = [&](const Request& request) {
    if (request.deadline_us == 0 || !request.done) return false;
    if (request.deadline_us <= now_us) return true;
    next_us = next_us == 0 ? request.deadline_us : std::min(next_us, request.deadline_us);
    return false;
  };
  for (Request& request : sent_) {
    // The request itself stays: its answer may still come and must find its place.
    if (is_late(request)) late.emplace_back(std::exchange(request.done, nullptr), request.write);
  }
  Ring<Waiting> queued;
  for (Waiting& waiting : std::exchange(queued_, {})) {
    if (is_late(waiting.request)) {
      late.emplace_back(std::move(waiting.request.done), false);
    } else {
      queued.push_back(std::move(waiting));
    }
  }
  queued_ = std::move(queued);
  if (next_us != 0) ArmDeadline(next_us);
  for (auto& [done, maybe_applied] : late) {
    done({.error = ErrorCode::kOperationTimeout, .maybe_applied = maybe_applied});
  }
}

}  // namespace rookery::client
