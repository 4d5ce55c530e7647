// A ZooKeeper client made of frames, on a connection without sockets.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "coordinator/frontend/zookeeper/client_connection.h"
#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/reply.h"
#include "tests/unit/service/world.h"

namespace rookery::frontend {

// The facts of a server of the test's world.
inline FactSources FactsOf(service::World* world, model::ServerId id) {
  FactSources sources;
  sources.statistics = [world, id] { return (*world)[id].service().GetStatistics(); };
  sources.connections = [world, id] { return (*world)[id].service().GetStatistics().connections; };
  sources.watches = [world, id] { return (*world)[id].service().Watches(); };
  sources.directories = [] { return DirectoryFacts{.data_bytes = 12, .log_bytes = 34}; };
  sources.reset_server = [world, id] { (*world)[id].service().ResetStatistics(); };
  sources.ensemble = [world, id] {
    service::EnsembleStatus status;
    status.server = id;
    status.serving = (*world)[id].service().Serving();
    status.zxid = (*world)[id].service().LastZxid();
    status.version = "test";
    return status;
  };
  sources.sessions = [world, id] { return (*world)[id].service().Sessions(); };
  sources.clients = [] { return std::vector<ClientLine>(); };
  sources.traffic = [] { return TrafficCounters(); };
  sources.configuration = [] { return ConfigurationFacts(); };
  sources.process = [] { return ProcessFacts(); };
  return sources;
}

class RawClient final : public ByteSink {
 public:
  RawClient(service::World* world, model::ServerId server, ZooKeeperRules rules = {},
            std::string host = "127.0.0.1")
      : world_(world),
        rules_(std::move(rules)),
        words_(FactsOf(world, server), "srvr,ruok,dirs,gtmk,stmk"),
        connection(std::make_unique<ClientConnection>(&rules_, &(*world)[server].service(), &words_,
                                                      &world->core, &world->core, &traffic,
                                                      Address{std::move(host), 4711}, this)) {}

  void Send(std::string bytes) override {
    ++writes;
    input.Append(bytes);
    raw += bytes;
  }
  size_t QueuedBytes() const override { return queued; }
  void PauseReading() override { paused = true; }
  void ResumeReading() override { paused = false; }
  void End() override {
    EXPECT_FALSE(ended) << "ended twice";
    ended = true;
  }

  // What a client says.
  void Bytes(absl::string_view bytes) { connection->OnBytes(bytes); }
  void Connect(const wire::ConnectRequest& request = {.timeout_ms = 10'000}) {
    std::string bytes;
    wire::EncodeConnectRequest(request, &bytes);
    Bytes(bytes);
  }
  template <typename Operation>
  void Ask(int32_t xid, const Operation& operation) {
    std::string bytes;
    wire::EncodeRequest(xid, operation, &bytes);
    Bytes(bytes);
  }
  void AskWrite(int32_t xid, const model::WriteOperation& operation) { Ask(xid, operation); }
  void AskRead(int32_t xid, const model::ReadOperation& operation) { Ask(xid, operation); }

  // What it is told; each waits for the next frame.
  std::string Frame() {
    std::string frame;
    const bool came = world_->Run([&] {
      const wire::FrameSplitter::Item item = input.Next();
      if (item.kind != wire::FrameSplitter::Kind::kFrame) return false;
      frame = std::string(item.bytes);
      return true;
    });
    EXPECT_TRUE(came) << "no frame came";
    return frame;
  }
  wire::ConnectResponse Session() {
    const absl::StatusOr<wire::ConnectResponse> response = wire::DecodeConnectResponse(Frame());
    EXPECT_TRUE(response.ok());
    return *response;
  }
  wire::ReplyHeader Header() {
    const absl::StatusOr<wire::ReplyHeader> header = wire::DecodeReplyHeader(Frame());
    EXPECT_TRUE(header.ok());
    return *header;
  }
  void Opened() {
    Connect();
    EXPECT_NE(Session().session, 0);
  }
  bool WaitForEnd() {
    return world_->Run([&] { return ended; });
  }

  TrafficCounters traffic;
  wire::FrameSplitter input{64u << 20, wire::FrameSplitter::FirstBytes::kFrame};
  std::string raw;
  int writes = 0;
  bool ended = false;
  bool paused = false;
  size_t queued = 0;

 private:
  service::World* const world_;
  const ZooKeeperRules rules_;
  FourLetterWords words_;

 public:
  std::unique_ptr<ClientConnection> connection;
};

}  // namespace rookery::frontend
