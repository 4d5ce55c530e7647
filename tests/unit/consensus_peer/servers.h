// Servers of a test: a hub each, and what its listener heard.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/consensus/peer/hub.h"
#include "tests/sim/edges/memory_files.h"
#include "tests/sim/edges/network.h"
#include "tests/sim/edges/process.h"
#include "tests/sim/edges/world.h"

namespace rookery::consensus {

using sim::Background;
using sim::MemoryFiles;
using sim::Process;
using sim::World;

inline ServerLine Line(uint32_t number) {
  ServerLine line;
  line.number = number;
  line.host = "127.0.0.1";
  line.quorum_port = static_cast<uint16_t>(2000 + number);
  line.election_port = static_cast<uint16_t>(3000 + number);
  return line;
}

inline FoundingList Founders(uint32_t count) {
  FoundingList list;
  for (uint32_t n = 1; n <= count; ++n) list.founders.push_back({Line(n), 0xd000 + n});
  return list;
}

// What the listener heard, as lines.
class Ears : public PeersListener {
 public:
  void OnEngineMessage(EngineId from, std::string bytes) override {
    heard.push_back(absl::StrCat("engine ", from, " ", bytes));
  }
  void OnApplicationMessage(EngineId from, std::string bytes) override {
    heard.push_back(absl::StrCat("application ", from, " ", bytes));
  }
  void OnPeerConnected(EngineId peer, bool connected) override {
    heard.push_back(absl::StrCat(connected ? "connected " : "disconnected ", peer));
  }
  void OnPeerLost(EngineId peer, PeerLoss why) override {
    constexpr const char* kNames[] = {"refused", "new process", "goodbye"};
    heard.push_back(absl::StrCat("lost ", peer, " ", kNames[static_cast<int>(why)]));
  }
  int Count(const std::string& line) const {
    int count = 0;
    for (const std::string& each : heard) count += each == line;
    return count;
  }
  std::vector<std::string> heard;
};

// A founded member.
struct Server {
  Server(World* world, uint32_t number, const FoundingList& founding)
      : world(world), process(world), list(founding) {
    self.cluster_id = ClusterIdOf(founding);
    self.engine_id = number;
    self.disk_id = 0xd000 + number;
    self.level = 1;
    self.state = FoundingState::kFounded;
    self.line = Line(number);
    self.founding = founding;
  }
  ~Server() { Kill(); }

  absl::Status Start() {
    self.boot_id = ++boots + self.line.number * 1000;
    PeerHubOptions options;
    options.listen = {"127.0.0.1", self.line.quorum_port};
    hub = std::make_unique<PeerHub>(&process, &process, world, self.line.number, options);
    hub->SetListener(&ears);
    absl::Status status = hub->Start(self);
    if (status.ok()) hub->SetMembers(FoundingMembers(list), 1);
    return status;
  }
  void Kill() {
    process.Kill();
    hub.reset();
  }

  World* world;
  Process process;
  FoundingList list;
  Hello self;
  uint64_t boots = 0;
  Ears ears;
  std::unique_ptr<PeerHub> hub;
};

}  // namespace rookery::consensus
