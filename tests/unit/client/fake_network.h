// A network whose far side is the test.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"

namespace rookery::client {

// What a test sees of a stream, also after its end.
struct StreamRecord {
  StreamHandler* handler = nullptr;
  std::string written;
  bool closed = false;
};

class FakeStream final : public Stream {
 public:
  explicit FakeStream(std::shared_ptr<StreamRecord> record) : record_(std::move(record)) {}
  ~FakeStream() override { Close(); }
  void Start(StreamHandler* handler) override { record_->handler = handler; }
  void Write(std::string bytes) override { record_->written += bytes; }
  size_t QueuedBytes() const override { return 0; }
  void PauseReading() override {}
  void ResumeReading() override {}
  void CloseAfterFlush() override { Close(); }
  void Close() override {
    record_->closed = true;
    record_->handler = nullptr;
  }
  Address Peer() const override { return {"peer", 1}; }
  Address Local() const override { return {"local", 1}; }

 private:
  std::shared_ptr<StreamRecord> record_;
};

class FakeNetwork final : public Network {
 public:
  explicit FakeNetwork(Executor* executor) : executor_(executor) {}
  absl::StatusOr<std::unique_ptr<Listener>> Listen(const Address&, OnAccept) override {
    return absl::UnimplementedError("clients do not listen");
  }
  void Connect(const Address&, int64_t, OnConnect done) override {
    executor_->Post([this, done = std::move(done)]() mutable {
      if (!refusal.ok()) return done(refusal);
      streams.push_back(std::make_shared<StreamRecord>());
      done(std::make_unique<FakeStream>(streams.back()));
    });
  }

  absl::Status refusal;  // not OK: nobody listens
  std::vector<std::shared_ptr<StreamRecord>> streams;

 private:
  Executor* executor_;
};

}  // namespace rookery::client
