#include "coordinator/frontend/http/http_door.h"

#include <map>
#include <utility>

#include "coordinator/base/logging.h"

namespace rookery::frontend {
namespace {

class Door;

class Guest final : public StreamHandler {
 public:
  Guest(Door* door, uint64_t id, const HttpRouter* router, std::unique_ptr<Stream> stream)
      : door_(door), id_(id), stream_(std::move(stream)), connection_(router) {
    stream_->Start(this);
  }

  void OnBytes(absl::string_view bytes) override;
  void OnClosed(absl::Status why) override;
  // True if nothing was heard since the last call.
  bool Idle() { return !std::exchange(heard_, false); }

 private:
  Door* const door_;
  const uint64_t id_;
  const std::unique_ptr<Stream> stream_;
  HttpConnection connection_;
  bool heard_ = true;
};

class Door final : public HttpDoor {
 public:
  Door(HttpDoorOptions options, Executor* core, HttpRouter router)
      : options_(std::move(options)), core_(core), router_(std::move(router)) {}
  ~Door() override {
    *alive_ = false;
    core_->Cancel(timer_);
  }

  absl::Status Listen(Network* network) {
    absl::StatusOr<std::unique_ptr<Listener>> listener = network->Listen(
        options_.listen, [this](std::unique_ptr<Stream> stream) { Accept(std::move(stream)); });
    if (!listener.ok()) return listener.status();
    listener_ = *std::move(listener);
    Tick();
    return absl::OkStatus();
  }
  // The guest's own methods may be on the stack.
  void Leave(uint64_t id) {
    core_->Post([this, alive = alive_, id] {
      if (*alive) guests_.erase(id);
    });
  }
  Address local() const override { return listener_->Local(); }

 private:
  void Accept(std::unique_ptr<Stream> stream) {
    if (guests_.size() >= options_.connections_max) {
      LogWarn("refusing a connection of the administration port: too many are open",
              {{"peer", stream->Peer().ToString()}, {"limit", options_.connections_max}});
      return;
    }
    const uint64_t id = ++last_guest_;
    guests_[id] = std::make_unique<Guest>(this, id, &router_, std::move(stream));
  }
  void Tick() {
    timer_ = core_->RunAfter(options_.idle_timeout_us, [this] { Tick(); });
    std::erase_if(guests_, [](const auto& entry) { return entry.second->Idle(); });
  }

  const HttpDoorOptions options_;
  Executor* const core_;
  const HttpRouter router_;
  std::unique_ptr<Listener> listener_;
  uint64_t last_guest_ = 0;
  std::map<uint64_t, std::unique_ptr<Guest>> guests_;
  TimerId timer_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

void Guest::OnBytes(absl::string_view bytes) {
  heard_ = true;
  stream_->Write(connection_.OnBytes(bytes));
  if (!connection_.finished()) return;
  stream_->CloseAfterFlush();
  door_->Leave(id_);
}

void Guest::OnClosed(absl::Status) { door_->Leave(id_); }

}  // namespace

absl::StatusOr<std::unique_ptr<HttpDoor>> HttpDoor::Open(HttpDoorOptions options, Executor* core,
                                                         Network* network, HttpRouter router) {
  auto door = std::make_unique<Door>(std::move(options), core, std::move(router));
  if (absl::Status status = door->Listen(network); !status.ok()) return status;
  return door;
}

}  // namespace rookery::frontend
