// What a simulated broker sends to the coordinator of an empty tree is what a Kafka 3.9 was
// recorded to send (tests/interop/recorded/traces): in order up to the election, and the same
// requests after it, where Kafka's own threads mix theirs. What Kafka asks of its internal topics
// is left out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "broker-sim/broker/broker.h"
#include "broker-sim/timeline/printed_timeline.h"
#include "coordinator/base/net/asio_core.h"
#include "coordinator/client/factory/client_factory.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace rookery::broker_sim {
namespace {

using ::testing::ElementsAreArray;
using ::testing::UnorderedElementsAreArray;

// "watch=1" among the fields of a line, for example.
bool Says(const std::vector<std::string>& fields, const std::string& what) {
  return std::find(fields.begin(), fields.end(), what) != fields.end();
}

// The requests of a connection, as a session's tap tells them.
std::vector<std::string> Recorded(const std::string& file, const std::string& connection) {
  std::vector<std::string> requests;
  std::ifstream in(absl::StrCat(ROOKERY_RECORDED, "/", file));
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields.size() < 6 || fields[1] != connection) continue;
    const std::string& opcode = fields[4];
    if (fields[2] == ">" && opcode == "multi") {
      requests.emplace_back("multi");
    } else if (fields[2] == ">" && opcode != "connect" && !absl::StartsWith(fields[5], "-")) {
      if (absl::StrContains(fields[5], "/__")) continue;
      requests.push_back(
          absl::StrCat(opcode, " ", fields[5], Says(fields, "watch=1") ? " watch" : ""));
    } else if (fields[2] == ">+") {
      std::string part = absl::StrCat("  ", opcode, " ", fields[5]);
      for (const std::string& field : fields) {
        if (absl::StartsWith(field, "version=")) absl::StrAppend(&part, " v=", field.substr(8));
        if (field == "flags=1") absl::StrAppend(&part, " flags=1");
      }
      requests.push_back(std::move(part));
    }
  }
  return requests;
}

class SilentTimeline final : public Timeline {
  void Tell(TimelineEvent) override {}
};

// Gathers lines on the broker's thread.
class Taps {
 public:
  void Add(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }
  std::vector<std::string> WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(60), [&] { return lines_.size() >= count; });
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

TEST(StartSequenceTest, TheFirstBrokerOfAClusterSendsWhatKafkaSends) {
  testing::TemporaryDirectory directory;
  const int port = testing::FreePort();
  std::ofstream(directory.path() / "zoo.cfg")
      << "tickTime=500\ndataDir=" << directory.path().string() << "/data\nclientPort=" << port
      << "\nclientPortAddress=127.0.0.1\ngrpcPort=none\nadmin.enableServer=false\n"
      << "preload.kafka=false\n";
  testing::ChildProcess server({ROOKERYD_PROGRAM, (directory.path() / "zoo.cfg").string()},
                               (directory.path() / "log").string());
  const std::vector<std::string> expected = Recorded("01-first-broker-start.txt", "b0.1");
  ASSERT_GT(expected.size(), 60u);

  Taps taps;
  AsioCore core;
  Fabric fabric(&core, 0);
  SilentTimeline timeline;
  Disk disk;
  BrokerOptions options;
  options.client.servers = {{"127.0.0.1", static_cast<uint16_t>(port)}};
  options.client.session_timeout_ms = 6000;
  options.new_cluster_id = "SimulatedSimulatedAAAA";
  BrokerWorld world = {.fabric = &fabric,
                       .executor = &core,
                       .clock = &SystemClock(),
                       .timeline = &timeline,
                       .disk = &disk};
  world.make_client = [&core](client::Options client) {
    return *client::CreateClient(client::Protocol::kZooKeeper, &core, std::move(client));
  };
  world.tap = [&taps](std::string line) { taps.Add(std::move(line)); };
  auto broker = std::make_unique<Broker>(std::move(options), std::move(world));
  core.Start("broker");
  core.Post([&] { broker->Start(); });
  const std::vector<std::string> sent = taps.WaitFor(expected.size());
  core.Stop();
  broker.reset();

  const auto split = [](const std::vector<std::string>& all) {
    const auto election = std::find(all.begin(), all.end(), "  create /controller flags=1");
    return std::pair(std::vector<std::string>(all.begin(), election),
                     std::vector<std::string>(election, all.end()));
  };
  const auto [expected_before, expected_after] = split(expected);
  const auto [before, after] = split(sent);
  EXPECT_THAT(before, ElementsAreArray(expected_before));
  EXPECT_THAT(after, UnorderedElementsAreArray(expected_after));
}

}  // namespace
}  // namespace rookery::broker_sim
