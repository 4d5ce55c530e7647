#include "coordinator/client/grpc/pump/grpc_session_stream.h"

#include <grpcpp/grpcpp.h>

#include <mutex>
#include <utility>

#include "rookery/v1/coordinator.grpc.pb.h"

namespace rookery::client {
namespace {

// Servers do not limit what they send; a list of a million children must get through.
constexpr int kReplyBytesMax = 256 * 1024 * 1024;

// The threads that call back end with the last channel that uses them, and gRPC 1.51 breaks when
// that happens on one of them, as it would when a stream of ours destroys itself. One idle channel
// that lives as long as the process keeps them; a call, cancelled before it began, makes it one
// that uses them.
void KeepCallbackThreads() {
  struct Anchor {
    std::unique_ptr<v1::CoordinatorService::Stub> stub = v1::CoordinatorService::NewStub(
        grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    v1::ExistsRequest request;
    v1::ExistsResponse response;
    Anchor() {
      context.TryCancel();
      stub->async()->Exists(&context, &request, &response, [](const grpc::Status&) {});
    }
  };
  static const Anchor* const kAnchor = new Anchor();
  (void)kAnchor;
}

std::shared_ptr<grpc::Channel> MakeChannel(const Address& server, int32_t connect_timeout_ms) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kReplyBytesMax);
  arguments.SetMaxSendMessageSize(kReplyBytesMax);
  // Reconnecting is the session's business: no connection is shared with an earlier attempt, whose
  // back-off would be waited for here, and nobody's proxy stands between.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (connect_timeout_ms > 0) {
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, connect_timeout_ms);
  }
  return grpc::CreateCustomChannel(server.ToString(), grpc::InsecureChannelCredentials(),
                                   arguments);
}

class Call;

// What still may reach the owner. gRPC's threads may be late by any time: the executor may be gone
// by then, which is why posting asks here first.
struct Gate {
  std::mutex mutex;
  Executor* executor = nullptr;  // guarded by mutex; null once closed

  // On the executor only.
  SessionStreamHandler* handler = nullptr;  // null once closed
  Call* call = nullptr;                     // null once gRPC may be done with it

  void Post(Task task) {
    const std::lock_guard lock(mutex);
    if (executor != nullptr) executor->Post(std::move(task));
  }
};

// Destroys itself once gRPC is done. Its hold keeps gRPC from being done while the stream, which
// reads and writes from outside of gRPC's callbacks, still has it.
class Call final : public grpc::ClientBidiReactor<v1::SessionRequest, v1::SessionResponse> {
 public:
  Call(std::shared_ptr<Gate> gate, std::shared_ptr<grpc::Channel> channel)
      : gate_(std::move(gate)), stub_(v1::CoordinatorService::NewStub(std::move(channel))) {
    stub_->async()->Session(&context_, this);
    AddHold();
    StartRead(&incoming_);
    StartCall();
  }

  void Write(v1::SessionRequest message) {
    outgoing_ = std::move(message);
    StartWrite(&outgoing_);
  }
  void Cancel() { context_.TryCancel(); }
  // From now on gRPC may be done with this at any time. REQUIRES: on the executor, called once.
  void LetGo() {
    gate_->call = nullptr;
    RemoveHold();
  }

  // --- gRPC's threads.
  void OnReadDone(bool ok) override {
    gate_->Post([this, ok, gate = gate_] {
      if (gate->handler == nullptr) return;
      if (!ok) return LetGo();  // OnDone follows, and says why
      gate->handler->OnMessage(std::exchange(incoming_, {}));
      if (gate->handler != nullptr) StartRead(&incoming_);
    });
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return;  // reading ends too
    gate_->Post([gate = gate_] {
      if (gate->handler != nullptr) gate->handler->OnWritten();
    });
  }
  void OnDone(const grpc::Status& status) override {
    // The numbers of both enumerations are the same by design of Abseil.
    absl::Status why(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
    gate_->Post([gate = gate_, why = std::move(why)] {
      if (gate->handler != nullptr) gate->handler->OnEnded(why);
    });
    delete this;
  }

 private:
  std::shared_ptr<Gate> gate_;
  std::unique_ptr<v1::CoordinatorService::Stub> stub_;
  grpc::ClientContext context_;
  v1::SessionResponse incoming_;  // gRPC's during a read
  v1::SessionRequest outgoing_;   // gRPC's during a write
};

class GrpcSessionStream final : public SessionStream {
 public:
  GrpcSessionStream(Executor* executor, const Address& server, int32_t connect_timeout_ms,
                    SessionStreamHandler* handler)
      : gate_(std::make_shared<Gate>()) {
    KeepCallbackThreads();
    gate_->executor = executor;
    gate_->handler = handler;
    gate_->call = new Call(gate_, MakeChannel(server, connect_timeout_ms));
  }
  ~GrpcSessionStream() override {
    gate_->handler = nullptr;
    {
      const std::lock_guard lock(gate_->mutex);
      gate_->executor = nullptr;
    }
    if (gate_->call == nullptr) return;
    gate_->call->Cancel();
    gate_->call->LetGo();
  }

  void Write(v1::SessionRequest message) override {
    if (gate_->call != nullptr) gate_->call->Write(std::move(message));
  }

 private:
  std::shared_ptr<Gate> gate_;
};

}  // namespace

std::unique_ptr<SessionStream> OpenGrpcSessionStream(Executor* executor, const Address& server,
                                                     int32_t connect_timeout_ms,
                                                     SessionStreamHandler* handler) {
  return std::make_unique<GrpcSessionStream>(executor, server, connect_timeout_ms, handler);
}

}  // namespace rookery::client
