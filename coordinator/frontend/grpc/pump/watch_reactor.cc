#include "coordinator/frontend/grpc/pump/watch_reactor.h"

#include <string>
#include <vector>

#include "coordinator/frontend/grpc/pump/write_queue.h"

namespace rookery::frontend {
namespace {

// Bytes of events waiting for a client that does not read; beyond this the call ends, since a gap
// in silence would break the promise that every change is told.
constexpr size_t kQueueBytesMax = 16u << 20;

class WatchReactor final : public WriteQueue<v1::WatchResponse>, public service::Client {
 public:
  WatchReactor(grpc::CallbackServerContext* call, const v1::WatchRequest& request,
               const UnaryContext& door)
      : service_(door.service), core_(door.core) {
    absl::StatusOr<model::Credentials> credentials = CallCredentials(*call, door.identity);
    if (!credentials.ok()) {
      End(StatusOf(credentials.status()));
      return;
    }
    if (request.paths().empty()) {
      End(StatusOf(absl::InvalidArgumentError("expected at least one path to watch")));
      return;
    }
    core_->Post([this, peer = PeerName(*call), credentials = *std::move(credentials),
                 paths = std::vector<std::string>(request.paths().begin(), request.paths().end())] {
      Follow(peer, credentials, paths);
    });
  }

  // --- gRPC's threads.
  void OnCancel() override {
    core_->Post([this] {
      Leave();
      End(grpc::Status::CANCELLED);
    });
  }
  void OnDone() override {
    core_->Post([this] {
      Leave();
      delete this;
    });
  }

  // --- Core executor.
  void OnSession(const model::Reply&) override {}
  void OnReply(uint64_t, model::Reply) override {}
  void OnEvent(const model::Event& event) override {
    v1::WatchResponse response;
    ToProto(event, response.add_events());
    Send(std::move(response));
    if (QueuedBytes() > kQueueBytesMax) {
      Leave();
      End(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                       "the client does not read its events: over 16 MiB are waiting; watch anew"));
    }
  }
  void OnFarewell(service::Farewell) override {
    connection_ = 0;
    End(StatusOf(absl::UnavailableError("this server stops serving: watch on another one")));
  }

 private:
  void Follow(const std::string& peer, const model::Credentials& credentials,
              const std::vector<std::string>& paths) {
    if (!service_->Serving()) {
      return End(StatusOf(absl::UnavailableError(
          "this server is not serving: it has no contact to a leader; try another server")));
    }
    connection_ = service_->Follow(this, {.peer = peer, .credentials = credentials}, paths,
                                   [this](model::Zxid zxid) {
                                     v1::WatchResponse armed;
                                     armed.set_armed_at_zxid(zxid);
                                     Send(std::move(armed));
                                   });
  }
  void Leave() {
    if (connection_ != 0) service_->Disconnect(connection_);
    connection_ = 0;
  }

  service::Service* const service_;
  Executor* const core_;
  service::ConnectionId connection_ = 0;  // core executor only
};

}  // namespace

grpc::ServerWriteReactor<v1::WatchResponse>* NewWatchReactor(grpc::CallbackServerContext* call,
                                                             const v1::WatchRequest& request,
                                                             const UnaryContext& door) {
  return new WatchReactor(call, request, door);  // deletes itself when gRPC is done
}

}  // namespace rookery::frontend
