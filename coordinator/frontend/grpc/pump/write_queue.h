// The common half of server-streaming calls: messages queue up, one is written at a time, the
// status comes last. Thread-safe.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace rookery::frontend {

template <typename Message>
class WriteQueue : public grpc::ServerWriteReactor<Message> {
 public:
  // Drops the message, and says false, once the stream has ended.
  bool Send(Message message) {
    const std::lock_guard lock(mutex_);
    if (end_.has_value()) return false;
    queued_bytes_ += message.ByteSizeLong();
    queue_.push_back(std::move(message));
    WriteNext();
    return true;
  }
  // Ends the stream after what was sent. Later calls change nothing.
  void End(grpc::Status status) {
    const std::lock_guard lock(mutex_);
    if (!end_.has_value()) end_ = std::move(status);
    WriteNext();
  }
  size_t QueuedBytes() const {
    const std::lock_guard lock(mutex_);
    return queued_bytes_;
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      queued_bytes_ -= writing_->ByteSizeLong();
      writing_.reset();
      if (!ok) {
        queue_.clear();
        queued_bytes_ = 0;
        if (!end_.has_value()) end_ = grpc::Status::CANCELLED;
      }
      WriteNext();
    }
    OnWritten();
  }

 protected:
  // A message has left; a producer that waited for room may go on. gRPC's threads.
  virtual void OnWritten() {}

 private:
  // REQUIRES: mutex_ is held.
  void WriteNext() {
    if (writing_.has_value() || finished_) return;
    if (!queue_.empty()) {
      writing_ = std::move(queue_.front());
      queue_.pop_front();
      this->StartWrite(&*writing_);
    } else if (end_.has_value()) {
      finished_ = true;
      this->Finish(*end_);
    }
  }

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<Message> queue_;
  std::optional<Message> writing_;  // gRPC's while set
  size_t queued_bytes_ = 0;         // both
  std::optional<grpc::Status> end_;
  bool finished_ = false;
};

}  // namespace rookery::frontend
