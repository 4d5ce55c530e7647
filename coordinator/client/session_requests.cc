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

// Makes a read ask for a watch. Returns the path that it will be on; null: this kind leaves none.
const std::string* AskForWatch(model::ReadOperation* read, WatchKind* kind) {
  const auto ask = [kind](auto& one, WatchKind of) {
    *kind = of;
    one.watch = true;
    return &one.path;
  };
  if (auto* data = std::get_if<model::GetDataRequest>(read)) return ask(*data, WatchKind::kData);
  if (auto* exists = std::get_if<model::ExistsRequest>(read)) {
    return ask(*exists, WatchKind::kExist);
  }
  if (auto* children = std::get_if<model::GetChildrenRequest>(read)) {
    return ask(*children, WatchKind::kChild);
  }
  return nullptr;
}

}  // namespace

void SessionClient::Submit(Operation operation, Watch watch, Answer done, int32_t timeout_ms) {
  if (IsFinal(state_) || closing_ || queued_.size() + sent_.size() >= options_.requests_max) {
    const ErrorCode error = IsFinal(state_) || closing_ ? FinalError() : ErrorCode::kConnectionLoss;
    return Later([error, done = std::move(done)]() mutable { done({.error = error}); });
  }
  AddChroot(options_.chroot, &operation);
  Request request;
  request.write = std::holds_alternative<model::WriteOperation>(operation);
  if (watch && !request.write) {
    const std::string* path =
        AskForWatch(&std::get<model::ReadOperation>(operation), &request.watch_kind);
    if (path != nullptr) {
      request.watch_path = *path;
      request.watch = std::move(watch);
    }
  }
  request.done = std::move(done);
  if (timeout_ms == kTimeoutOfOptions) timeout_ms = options_.request_timeout_ms;
  if (timeout_ms > 0) {
    request.deadline_us = clock_->NowUs() + timeout_ms * 1000LL;
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

void SessionClient::OnReply(model::Reply reply) {
  heard_since_tick_ = true;
  ROOKERY_CHECK(!sent_.empty()) << "a link answered what was never sent";
  Request request = std::move(sent_.front());
  sent_.pop_front();
  if (reply.zxid > 0) last_zxid_ = std::max(last_zxid_, reply.zxid);
  if (request.close) return Finish(SessionState::kClosed, ErrorCode::kSessionExpired);
  if (request.watch) {
    if (reply.error == ErrorCode::kOk) {
      // An exists that found its node watches the data.
      const WatchKind kind =
          request.watch_kind == WatchKind::kExist ? WatchKind::kData : request.watch_kind;
      watches_.Add(kind, request.watch_path, std::move(request.watch));
    } else if (reply.error == ErrorCode::kNoNode && request.watch_kind == WatchKind::kExist) {
      watches_.Add(WatchKind::kExist, request.watch_path, std::move(request.watch));
    }
  }
  if (!request.done) return;
  RemoveChroot(options_.chroot, &reply.body);
  request.done({reply.error, false, reply.zxid, std::move(reply.body)});
}

void SessionClient::OnEvent(const model::Event& event) {
  heard_since_tick_ = true;
  WatchEvent told{KindOf(event.type), RemoveChroot(options_.chroot, event.path), event.zxid};
  for (Watch& watch : watches_.Take(event)) watch(told);
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
