#include "coordinator/frontend/grpc/pump/session_reactor.h"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "coordinator/frontend/grpc/pump/call_facts.h"
#include "coordinator/frontend/grpc/status_map.h"

namespace rookery::frontend {
namespace {

// Bytes queued for a client that does not read; beyond this the stream ends.
constexpr size_t kQueueBytesMax = 64u << 20;

class SessionReactor final
    : public grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>,
      public SessionSink {
 public:
  SessionReactor(grpc::CallbackServerContext* context, service::Service* service, Executor* core,
                 const GrpcSessionRules& rules)
      : core_(core) {
    const std::string peer = PeerName(*context);
    connection_ =
        std::make_unique<SessionConnection>(service, core, rules, peer, PeerHost(peer), this);
    StartRead(&incoming_);
  }

  // --- gRPC's threads.
  void OnReadDone(bool ok) override {
    if (!ok) {  // the client has said all; the session lives on
      core_->Post([this] { CloseFromClient(); });
      return;
    }
    core_->Post([this] {
      reading_ = false;
      connection_->OnMessage(std::exchange(incoming_, {}));
      ReadMore();
    });
  }
  void OnWriteDone(bool ok) override {
    std::unique_lock lock(mutex_);
    queued_bytes_ -= writing_bytes_;
    writing_ = false;
    if (!ok) {
      // Nobody reads any more. OnCancel follows, or has come already and waits to finish.
      queue_.clear();
      queued_bytes_ = 0;
    }
    WriteNext(lock);
    lock.unlock();
    core_->Post([this] { ReadMore(); });
  }
  void OnCancel() override {
    core_->Post([this] { CloseFromClient(); });
  }
  // The last call of gRPC; tasks that this reactor posted before run before this one.
  void OnDone() override {
    core_->Post([this] {
      connection_->OnDisconnect(false);  // unless the client's side was told to have ended it
      delete this;
    });
  }

  // --- Core executor.
  void Send(v1::SessionResponse response) override {
    std::unique_lock lock(mutex_);
    queued_bytes_ += response.ByteSizeLong();
    if (queued_bytes_ > kQueueBytesMax && !finish_.has_value()) {
      queue_.clear();
      finish_ = grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                             "the client does not read its replies: over 64 MiB are waiting");
    } else {
      queue_.push_back(std::move(response));
    }
    WriteNext(lock);
  }
  void Finish(absl::Status status) override {
    std::unique_lock lock(mutex_);
    if (!finish_.has_value()) finish_ = StatusOf(status);
    WriteNext(lock);
  }

 private:
  // Core executor. One read at a time, and only while the connection wants more; a client that
  // sends faster than it is served meets gRPC's flow control.
  void ReadMore() {
    if (reading_ || !connection_->WantsMore() || Finishing()) return;
    reading_ = true;
    StartRead(&incoming_);
  }
  // Once it is, gRPC may be done with the stream at any time.
  bool Finishing() {
    const std::lock_guard lock(mutex_);
    return finish_.has_value();
  }
  void CloseFromClient() {
    connection_->OnDisconnect(!Finishing());
    Finish(absl::OkStatus());
  }
  // Writes the oldest message, or finishes once all are written.
  void WriteNext(std::unique_lock<std::mutex>& lock) {
    if (writing_ || finished_) return;
    if (!queue_.empty()) {
      outgoing_ = std::move(queue_.front());
      queue_.pop_front();
      writing_bytes_ = outgoing_.ByteSizeLong();
      writing_ = true;
      StartWrite(&outgoing_);
    } else if (finish_.has_value()) {
      finished_ = true;
      grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>::Finish(*finish_);
    }
  }

  Executor* const core_;
  std::unique_ptr<SessionConnection> connection_;  // core executor only
  bool reading_ = true;                            // core executor only; begins with a read
  v1::SessionRequest incoming_;                    // gRPC's while reading_

  std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<v1::SessionResponse> queue_;
  v1::SessionResponse outgoing_;  // gRPC's while writing_
  size_t queued_bytes_ = 0;
  size_t writing_bytes_ = 0;
  bool writing_ = false;
  bool finished_ = false;
  std::optional<grpc::Status> finish_;
};

}  // namespace

grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>* NewSessionReactor(
    grpc::CallbackServerContext* context, service::Service* service, Executor* core,
    const GrpcSessionRules& rules) {
  return new SessionReactor(context, service, core, rules);  // deletes itself when gRPC is done
}

}  // namespace rookery::frontend
