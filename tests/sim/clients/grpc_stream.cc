#include "tests/sim/clients/grpc_stream.h"

#include <utility>

#include "coordinator/client/grpc/convert.h"
#include "tests/sim/clients/grpc_wire.h"

namespace rookery::sim {
namespace {

using client::SessionStreamHandler;

constexpr int64_t kConnectTimeoutUs = 2'000'000;

class SimSessionStream final : public client::SessionStream, public StreamHandler {
 public:
  SimSessionStream(Executor* executor, Network* network, const Address& server,
                   int32_t connect_timeout_ms, SessionStreamHandler* handler)
      : executor_(executor), handler_(handler) {
    network->Connect(
        server, connect_timeout_ms > 0 ? connect_timeout_ms * int64_t{1000} : kConnectTimeoutUs,
        [this, alive = alive_](absl::StatusOr<std::unique_ptr<Stream>> stream) {
          if (*alive) OnConnected(std::move(stream));
        });
  }
  ~SimSessionStream() override { *alive_ = false; }

  void Write(v1::SessionRequest message) override {
    std::string out;
    PutFrame(GrpcFrame::kMessage, message.SerializeAsString(), &out);
    if (stream_ == nullptr) {
      early_ = std::move(out);
    } else {
      Put(std::move(out));
    }
  }

  void OnBytes(absl::string_view bytes) override {
    const std::shared_ptr<bool> alive = alive_;
    frames_.Take(bytes, [&](GrpcFrame kind, absl::string_view payload) {
      if (kind == GrpcFrame::kEnd) {
        End(DecodeStatus(payload));
        return false;
      }
      v1::SessionResponse message;
      if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
        End(absl::InternalError("no message"));
        return false;
      }
      handler_->OnMessage(std::move(message));
      return *alive;
    });
  }
  void OnClosed(absl::Status why) override {
    End(why.ok() ? absl::UnavailableError("closed by the server") : why);
  }

 private:
  void OnConnected(absl::StatusOr<std::unique_ptr<Stream>> stream) {
    if (!stream.ok()) return End(stream.status());
    stream_ = *std::move(stream);
    stream_->Start(this);
    if (!early_.empty()) Put(std::exchange(early_, {}));
  }
  void Put(std::string bytes) {
    stream_->Write(std::move(bytes));
    executor_->Post([this, alive = alive_] {
      if (*alive && !ended_) handler_->OnWritten();
    });
  }
  // The handler may destroy the stream.
  void End(absl::Status why) {
    if (!std::exchange(ended_, true)) handler_->OnEnded(std::move(why));
  }

  Executor* const executor_;
  SessionStreamHandler* const handler_;
  std::unique_ptr<Stream> stream_;
  std::string early_;
  FrameReader frames_;
  bool ended_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

class UnaryCall final : public SimUnaryCall, public StreamHandler {
 public:
  UnaryCall(Network* network, const Address& server, const client::Operation& operation,
            bool linearizable, int64_t timeout_us, Done done)
      : done_(std::move(done)) {
    v1::Operation message;
    asked_ = std::visit([&](const auto& one) { return client::ToProto(one, &message); }, operation);
    std::string payload(1, linearizable ? 1 : 0);
    payload += message.SerializeAsString();
    PutFrame(GrpcFrame::kUnary, payload, &request_);
    network->Connect(server, timeout_us,
                     [this, alive = alive_](absl::StatusOr<std::unique_ptr<Stream>> stream) {
                       if (*alive) OnConnected(std::move(stream));
                     });
  }
  ~UnaryCall() override { *alive_ = false; }

  void OnBytes(absl::string_view bytes) override {
    const std::shared_ptr<bool> alive = alive_;
    frames_.Take(bytes, [&](GrpcFrame kind, absl::string_view payload) {
      if (kind == GrpcFrame::kEnd) {
        const absl::Status why = DecodeStatus(payload);
        End(why.ok() ? absl::UnavailableError("ended without a reply") : why);
        return false;
      }
      v1::Result result;
      if (!result.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
        End(absl::InternalError("no result"));
        return false;
      }
      End(client::FromProto(std::move(result), asked_));
      return *alive;
    });
  }
  void OnClosed(absl::Status) override { End(absl::UnavailableError("connection lost")); }

 private:
  void OnConnected(absl::StatusOr<std::unique_ptr<Stream>> stream) {
    if (!stream.ok()) return End(stream.status());
    stream_ = *std::move(stream);
    stream_->Start(this);
    stream_->Write(std::move(request_));
  }
  void End(absl::StatusOr<model::Reply> reply) {
    if (Done done = std::exchange(done_, nullptr)) done(std::move(reply));
  }

  Done done_;
  client::Asked asked_;
  std::string request_;
  std::unique_ptr<Stream> stream_;
  FrameReader frames_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace

client::SessionStreamFactory SimGrpcStreams(Executor* executor, Network* network) {
  return [executor, network](const Address& server, int32_t connect_timeout_ms,
                             SessionStreamHandler* handler) {
    return std::make_unique<SimSessionStream>(executor, network, server, connect_timeout_ms,
                                              handler);
  };
}

std::unique_ptr<SimUnaryCall> SimUnaryCall::Start(Network* network, const Address& server,
                                                  const client::Operation& operation,
                                                  bool linearizable, int64_t timeout_us,
                                                  Done done) {
  return std::make_unique<UnaryCall>(network, server, operation, linearizable, timeout_us,
                                     std::move(done));
}

}  // namespace rookery::sim
