#include "tests/sim/clients/grpc_door.h"

#include <utility>

#include "coordinator/frontend/grpc/convert.h"
#include "tests/sim/clients/grpc_wire.h"

namespace rookery::sim {

// One stream: a session, or one unary call.
class SimGrpcDoor::Connection final : public StreamHandler, public frontend::SessionSink {
 public:
  Connection(SimGrpcDoor* door, uint64_t id, std::unique_ptr<Stream> stream)
      : door_(door), id_(id), stream_(std::move(stream)) {
    const Address peer = stream_->Peer();
    session_ = std::make_unique<frontend::SessionConnection>(
        door->service_, door->core_, door->rules_, peer.ToString(), peer.host, this);
    stream_->Start(this);
  }
  ~Connection() override { *alive_ = false; }

  void OnBytes(absl::string_view bytes) override {
    frames_.Take(bytes, [this](GrpcFrame kind, absl::string_view payload) {
      if (kind == GrpcFrame::kMessage) {
        v1::SessionRequest message;
        if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
          End(absl::InternalError("no message"));
        } else {
          session_->OnMessage(std::move(message));
        }
      } else if (kind == GrpcFrame::kUnary) {
        RunUnary(payload);
      }
      return !ended_;
    });
    Pace();
  }
  void OnClosed(absl::Status) override {
    session_->OnDisconnect(true);
    door_->Bury(id_);
  }
  void OnDrained() override { Pace(); }

  void Send(v1::SessionResponse response) override {
    Put(GrpcFrame::kMessage, response.SerializeAsString());
    Pace();
  }
  void Finish(absl::Status status) override { End(status); }

 private:
  void Put(GrpcFrame kind, absl::string_view payload) {
    std::string out;
    PutFrame(kind, payload, &out);
    stream_->Write(std::move(out));
  }
  void End(const absl::Status& status) {
    if (std::exchange(ended_, true)) return;
    Put(GrpcFrame::kEnd, EncodeStatus(status));
    stream_->CloseAfterFlush();
    door_->Bury(id_);
  }
  void Pace() {
    if (ended_) return;
    if (session_->WantsMore()) {
      stream_->ResumeReading();
    } else {
      stream_->PauseReading();
    }
  }

  // As the real door's unary calls (pump/unary.h).
  void RunUnary(absl::string_view payload) {
    v1::Operation operation;
    if (payload.empty() ||
        !operation.ParseFromArray(payload.data() + 1, static_cast<int>(payload.size()) - 1)) {
      return End(absl::InternalError("no operation"));
    }
    absl::StatusOr<frontend::AnyOperation> any = frontend::FromProto(operation);
    if (!any.ok()) return End(any.status());
    if (!door_->service_->Serving()) return End(absl::UnavailableError("not serving"));
    auto done = [this, alive = alive_](absl::StatusOr<model::Reply> reply) {
      if (!*alive || ended_) return;
      if (!reply.ok()) return End(reply.status());
      v1::Result result;
      frontend::ToProto(*std::move(reply), &result);
      Put(GrpcFrame::kUnaryReply, result.SerializeAsString());
      End(absl::OkStatus());
    };
    model::Credentials credentials = frontend::FreshCredentials(door_->rules_.identity, "sim");
    if (auto* read = std::get_if<model::ReadOperation>(&*any)) {
      door_->service_->ReadOnce(std::move(credentials), std::move(*read), payload[0] != 0,
                                std::move(done));
    } else if (auto* write = std::get_if<model::WriteOperation>(&*any)) {
      door_->service_->WriteOnce(std::move(credentials), std::move(*write), std::move(done));
    }
  }

  SimGrpcDoor* const door_;
  const uint64_t id_;
  std::unique_ptr<Stream> stream_;
  FrameReader frames_;
  std::unique_ptr<frontend::SessionConnection> session_;
  bool ended_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

SimGrpcDoor::SimGrpcDoor(Executor* core, service::Service* service,
                         frontend::GrpcSessionRules rules)
    : core_(core), service_(service), rules_(std::move(rules)) {}

SimGrpcDoor::~SimGrpcDoor() { *alive_ = false; }

absl::StatusOr<std::unique_ptr<SimGrpcDoor>> SimGrpcDoor::Open(const Address& listen,
                                                               Executor* core, Network* network,
                                                               service::Service* service,
                                                               frontend::GrpcSessionRules rules) {
  std::unique_ptr<SimGrpcDoor> door(new SimGrpcDoor(core, service, std::move(rules)));
  auto listener = network->Listen(listen, [raw = door.get()](std::unique_ptr<Stream> stream) {
    raw->Accept(std::move(stream));
  });
  if (!listener.ok()) return listener.status();
  door->listener_ = *std::move(listener);
  return door;
}

void SimGrpcDoor::Accept(std::unique_ptr<Stream> stream) {
  const uint64_t id = ++last_id_;
  connections_[id] = std::make_unique<Connection>(this, id, std::move(stream));
}

// The connection may be on the stack.
void SimGrpcDoor::Bury(uint64_t id) {
  core_->Post([this, alive = alive_, id] {
    if (*alive) connections_.erase(id);
  });
}

}  // namespace rookery::sim
