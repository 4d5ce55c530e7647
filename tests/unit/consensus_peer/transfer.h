// One server that serves a checkpoint and some that fetch it, on a virtual clock and network.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/base/random.h"
#include "coordinator/consensus/peer/checkpoint_fetch.h"
#include "coordinator/consensus/peer/checkpoint_sender.h"
#include "coordinator/consensus/peer/memory_checkpoint_files.h"
#include "tests/unit/consensus_peer/servers.h"

namespace rookery::consensus {

inline constexpr int64_t kSecond = 1'000'000;
inline constexpr uint32_t kPieceBytes = 64 << 10;
inline constexpr size_t kPiecesMax = 4;

inline Hello MemberHello(uint32_t number) {
  Hello hello;
  hello.founding = Founders(4);
  hello.cluster_id = ClusterIdOf(hello.founding);
  hello.engine_id = number;
  hello.disk_id = 0xd000 + number;
  hello.boot_id = number;
  hello.level = 1;
  hello.state = FoundingState::kRunning;
  hello.line = Line(number);
  return hello;
}

struct Serving {
  explicit Serving(World* world) : world(world), process(world) {}
  ~Serving() { Kill(); }
  void Start() {
    background = std::make_unique<Background>(&process);
    CheckpointSenderOptions options;
    options.listen = {"127.0.0.1", Line(1).election_port};
    sender = std::make_unique<CheckpointSender>(&process, background.get(), &process, world, &files,
                                                options);
    ASSERT_TRUE(sender
                    ->Start(
                        [](const Hello& theirs) {
                          return JudgeHello(MemberHello(1), FoundingMembers(Founders(4)), 1, theirs,
                                            0);
                        },
                        [this](EngineId to, const std::string& name, absl::Status outcome) {
                          ended.push_back(absl::StrCat(to, " ", name, " ",
                                                       absl::StatusCodeToString(outcome.code())));
                        })
                    .ok());
  }
  void Kill() {
    process.Kill();
    sender.reset();
  }
  World* world;
  Process process;
  MemoryCheckpointFiles files;
  std::unique_ptr<Background> background;
  std::unique_ptr<CheckpointSender> sender;
  std::vector<std::string> ended;
};

struct Receiving {
  Receiving(World* world, uint32_t number) : world(world), process(world), number(number) {}
  ~Receiving() { Kill(); }
  void Fetch(const std::string& name = "checkpoint-7", CheckpointFetch::Check check = nullptr) {
    result.reset();
    background = std::make_unique<Background>(&process);
    background->work_us = 500;
    CheckpointFetchOptions options;
    options.piece_bytes = kPieceBytes;
    options.pieces_max = kPiecesMax;
    fetch = std::make_unique<CheckpointFetch>(
        &process, background.get(), &process, world, &files,
        CheckpointFetch::Source{
            {"127.0.0.1", Line(1).election_port}, hello, name, std::move(check)},
        "received-7", [this](absl::StatusOr<std::string> outcome) { result = std::move(outcome); },
        options);
  }
  void Kill() {
    process.Kill();
    fetch.reset();
  }
  std::vector<std::string> Parts() { return *files.Directories(); }
  World* world;
  Process process;
  uint32_t number;
  Hello hello = MemberHello(number);
  MemoryCheckpointFiles files;
  std::unique_ptr<Background> background;
  std::unique_ptr<CheckpointFetch> fetch;
  std::optional<absl::StatusOr<std::string>> result;
};

class CheckpointTransferTest : public ::testing::Test {
 protected:
  CheckpointTransferTest() {
    Random random(42);
    const std::vector<std::pair<std::string, size_t>> sizes = {{"000012.sst", 3'000'001},
                                                               {"000013.sst", 262'144},
                                                               {"000014.sst", 1},
                                                               {"CURRENT", 16},
                                                               {"EMPTY", 0},
                                                               {"MANIFEST-000005", 70'000}};
    for (const auto& [name, size] : sizes) {
      std::string bytes(size, '\0');
      for (char& c : bytes) c = static_cast<char>(random.Next());
      EXPECT_TRUE(one.files.Write("checkpoint-7", name, 0, bytes).ok());
      total += size;
    }
    one.Start();
    world.network().on_bytes = [this](Process* from, Process*, std::string* bytes) {
      if (from == &one.process) served += bytes->size();
    };
  }

  bool Done(Receiving& server) {
    return world.RunUntil([&] { return server.result.has_value(); }, 120 * kSecond);
  }
  void ExpectReceived(Receiving& server) {
    ASSERT_TRUE(Done(server));
    ASSERT_TRUE(server.result->ok()) << server.result->status();
    EXPECT_EQ(**server.result, "checkpoints/received-7");
    server.files.LosePower();  // it was synced
    const auto wanted = one.files.List("checkpoint-7");
    ASSERT_EQ(*server.files.List("received-7"), *wanted);
    for (const FileSize& file : *wanted) {
      EXPECT_EQ(*server.files.Read("received-7", file.name, 0, file.size),
                *one.files.Read("checkpoint-7", file.name, 0, file.size))
          << file.name;
    }
    EXPECT_THAT(*server.files.Directories(), ::testing::ElementsAre("received-7"));
  }

  World world;
  Serving one{&world};
  Receiving two{&world, 2};
  size_t total = 0;
  size_t served = 0;
};

}  // namespace rookery::consensus
