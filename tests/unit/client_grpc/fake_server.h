// A gRPC server in this process whose sessions say what a test tells them to.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "coordinator/base/network.h"
#include "rookery/v1/coordinator.grpc.pb.h"

namespace rookery::client {

class FakeServer final : public v1::CoordinatorService::Service {
 public:
  // One stream; `Run` is called on a thread of gRPC's, and its status ends the stream.
  using Stream = grpc::ServerReaderWriter<v1::SessionResponse, v1::SessionRequest>;
  using Script = std::function<grpc::Status(Stream&)>;

  FakeServer() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address_ = {"127.0.0.1", static_cast<uint16_t>(port)};
  }
  ~FakeServer() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }

  const Address& address() const { return address_; }
  // Scripts are played in this order, one for each stream; later streams play the last again.
  void Add(Script script) {
    const std::lock_guard lock(mutex_);
    scripts_.push_back(std::move(script));
  }
  // Messages received so far.
  std::vector<v1::SessionRequest> received() {
    const std::lock_guard lock(mutex_);
    return received_;
  }
  // Reads the next message and keeps it. False: the client is gone.
  bool Read(Stream& stream, v1::SessionRequest* message) {
    if (!stream.Read(message)) return false;
    const std::lock_guard lock(mutex_);
    received_.push_back(*message);
    return true;
  }

  static v1::SessionResponse Opened(int64_t session) {
    v1::SessionResponse response;
    response.mutable_opened()->set_session_id(session);
    response.mutable_opened()->set_password("password");
    response.mutable_opened()->set_timeout_ms(6000);
    return response;
  }

 private:
  grpc::Status Session(grpc::ServerContext*, Stream* stream) override {
    Script script;
    {
      const std::lock_guard lock(mutex_);
      script = scripts_.front();
      if (scripts_.size() > 1) scripts_.pop_front();
    }
    return script(*stream);
  }

  std::unique_ptr<grpc::Server> server_;
  Address address_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<Script> scripts_;
  std::vector<v1::SessionRequest> received_;
};

}  // namespace rookery::client
