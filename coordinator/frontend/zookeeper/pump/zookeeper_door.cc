#include "coordinator/frontend/zookeeper/zookeeper_door.h"

#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/stream_end.h"

namespace rookery::frontend {
namespace {

constexpr int64_t kTickUs = 1'000'000;

class Door;

// One accepted stream and its connection.
class Guest final : public StreamHandler, public ByteSink {
 public:
  Guest(Door* door, uint64_t id, std::unique_ptr<Stream> stream)
      : door_(door), id_(id), stream_(std::move(stream)), host_(stream_->Peer().host) {}

  void Begin(std::unique_ptr<ClientConnection> connection) {
    connection_ = std::move(connection);
    stream_->Start(this);
  }
  ClientConnection& connection() { return *connection_; }
  const ClientConnection& connection() const { return *connection_; }
  const std::string& host() const { return host_; }
  Stream& stream() { return *stream_; }

  // StreamHandler.
  void OnBytes(absl::string_view bytes) override { connection_->OnBytes(bytes); }
  void OnClosed(absl::Status why) override;
  void OnDrained() override { connection_->OnDrained(); }

  // ByteSink.
  void Send(std::string bytes) override { stream_->Write(std::move(bytes)); }
  size_t QueuedBytes() const override { return stream_->QueuedBytes(); }
  void PauseReading() override { stream_->PauseReading(); }
  void ResumeReading() override { stream_->ResumeReading(); }
  void End() override;

 private:
  Door* const door_;
  const uint64_t id_;
  const std::unique_ptr<Stream> stream_;
  const std::string host_;
  std::unique_ptr<ClientConnection> connection_;
};

class Door final : public ZooKeeperDoor {
 public:
  Door(ZooKeeperDoorOptions options, Executor* core, const Clock* clock, service::Service* service,
       FourLetterWords* words)
      : options_(std::move(options)),
        core_(core),
        clock_(clock),
        service_(service),
        words_(words) {}
  ~Door() override {
    *alive_ = false;
    core_->Cancel(timer_);
    for (auto& [id, guest] : guests_) guest->connection().Close();
  }

  absl::Status Listen(Network* network) {
    absl::StatusOr<std::unique_ptr<Listener>> listener = network->Listen(
        options_.listen, [this](std::unique_ptr<Stream> stream) { Accept(std::move(stream)); });
    if (!listener.ok()) return listener.status();
    listener_ = *std::move(listener);
    local_ = listener_->Local();
    Tick();
    return absl::OkStatus();
  }

  // The guest's own methods may be on the stack.
  void Leave(uint64_t id) {
    core_->Post([this, alive = alive_, id] {
      if (!*alive) return;
      const auto at = guests_.find(id);
      if (at == guests_.end()) return;
      const auto host = hosts_.find(at->second->host());
      if (--host->second == 0) hosts_.erase(host);
      guests_.erase(at);
    });
  }

  Address local() const override { return local_; }
  TrafficCounters traffic() const override { return traffic_; }
  std::vector<ClientLine> clients() const override {
    std::vector<ClientLine> lines;
    for (const auto& [id, guest] : guests_) {
      if (!guest->connection().ended()) lines.push_back(guest->connection().Describe());
    }
    return lines;
  }
  size_t connections() const override {
    size_t open = 0;
    for (const auto& [id, guest] : guests_) open += guest->connection().ended() ? 0 : 1;
    return open;
  }
  void ResetTraffic() override { traffic_ = {}; }
  void ResetClients() override {
    for (auto& [id, guest] : guests_) guest->connection().ResetStatistics();
  }
  void StopListening() override { listener_ = nullptr; }

 private:
  void Accept(std::unique_ptr<Stream> stream) {
    const std::string host = stream->Peer().host;
    uint32_t& same_host = hosts_[host];
    const uint32_t host_max = options_.connections_per_host_max;
    const bool host_full = host_max != 0 && same_host >= host_max;
    if (host_full ||
        (options_.connections_max != 0 && guests_.size() >= options_.connections_max)) {
      if (same_host == 0) hosts_.erase(host);
      ++traffic_.connections_rejected;
      LogWarn("refusing a connection: too many are open",
              {{"peer", stream->Peer().ToString()},
               {"limit", host_full ? "maxClientCnxns" : "maxCnxns"},
               {"value", host_full ? host_max : options_.connections_max}});
      stream->Close();
      return;
    }
    ++same_host;
    const uint64_t id = ++last_guest_;
    auto guest = std::make_unique<Guest>(this, id, std::move(stream));
    Guest& entered = *(guests_[id] = std::move(guest));
    entered.Begin(std::make_unique<ClientConnection>(&options_.rules, service_, words_, core_,
                                                     clock_, &traffic_, entered.stream().Peer(),
                                                     &entered));
  }

  void Tick() {
    timer_ = core_->RunAfter(kTickUs, [this] { Tick(); });
    for (auto& [id, guest] : guests_) guest->connection().Tick();
  }

  const ZooKeeperDoorOptions options_;
  Executor* const core_;
  const Clock* const clock_;
  service::Service* const service_;
  FourLetterWords* const words_;

  std::unique_ptr<Listener> listener_;
  Address local_;
  TrafficCounters traffic_;
  uint64_t last_guest_ = 0;
  std::map<uint64_t, std::unique_ptr<Guest>> guests_;
  absl::flat_hash_map<std::string, uint32_t> hosts_;  // connections from each
  TimerId timer_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

void Guest::OnClosed(absl::Status why) {
  connection_->OnDisconnected(EndedByOtherSide(why));
  door_->Leave(id_);
}

void Guest::End() {
  stream_->CloseAfterFlush();
  door_->Leave(id_);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ZooKeeperDoor>> ZooKeeperDoor::Open(
    ZooKeeperDoorOptions options, Executor* core, const Clock* clock, Network* network,
    service::Service* service, FourLetterWords* words) {
  auto door = std::make_unique<Door>(std::move(options), core, clock, service, words);
  if (absl::Status status = door->Listen(network); !status.ok()) return status;
  return door;
}

}  // namespace rookery::frontend
