// A checkpoint's transfer over real TCP, threads and files.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>

#include "coordinator/base/net/asio_core.h"
#include "coordinator/base/random.h"
#include "coordinator/consensus/peer/checkpoint_fetch.h"
#include "coordinator/consensus/peer/checkpoint_sender.h"
#include "tests/unit/consensus_peer/servers.h"

namespace rookery::consensus {
namespace {

struct TemporaryDirectory {
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "rookery-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path); }
  std::string path;
};

// Runs `task` on the core and waits for it.
void Do(AsioCore* core, std::function<void()> task) {
  std::promise<void> done;
  core->Post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

TEST(CheckpointDiskTest, BringsFilesOverTcp) {
  TemporaryDirectory here, there;
  std::unique_ptr<CheckpointFiles> source = OpenCheckpointFiles(here.path);
  std::unique_ptr<CheckpointFiles> target = OpenCheckpointFiles(there.path);
  Random random(1);
  std::string bytes(8u << 20, '\0');
  for (char& c : bytes) c = static_cast<char>(random.Next());
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(source->Write("c", absl::StrCat("00001", i, ".sst"), 0, bytes).ok());
  }
  ASSERT_TRUE(source->Write("c", "CURRENT", 0, "MANIFEST-000001\n").ok());

  std::promise<absl::StatusOr<std::string>> received;
  std::promise<absl::Status> ended;
  AsioCore core;
  std::unique_ptr<BackgroundExecutor> sending = StartThread("sending");
  std::unique_ptr<BackgroundExecutor> receiving = StartThread("receiving");
  CheckpointSender sender(&core, sending.get(), &core, &SystemClock(), source.get(),
                          CheckpointSenderOptions{{"127.0.0.1", 0}});
  ASSERT_TRUE(sender
                  .Start([](const Hello&) { return HelloVerdict(); },
                         [&](EngineId, const std::string&, absl::Status outcome) {
                           ended.set_value(outcome);
                         })
                  .ok());
  Hello self;
  self.founding = Founders(2);
  self.cluster_id = ClusterIdOf(self.founding);
  self.engine_id = 2;
  self.disk_id = self.boot_id = 2;
  self.state = FoundingState::kFounded;
  self.line = Line(2);
  std::unique_ptr<CheckpointFetch> fetch;
  const Address address{"127.0.0.1", sender.Local().port};
  core.Start("core");
  const auto begun = std::chrono::steady_clock::now();
  Do(&core, [&] {
    fetch = std::make_unique<CheckpointFetch>(
        &core, receiving.get(), &core, &SystemClock(), target.get(),
        CheckpointFetch::Source{address, self, "c"}, "received",
        [&](absl::StatusOr<std::string> outcome) { received.set_value(std::move(outcome)); });
  });
  auto outcome = received.get_future();
  ASSERT_EQ(outcome.wait_for(std::chrono::seconds(60)), std::future_status::ready);
  const absl::StatusOr<std::string> path = outcome.get();
  ASSERT_TRUE(path.ok()) << path.status();
  std::printf(
      "48 MiB in %.0f ms\n",
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
  EXPECT_EQ(*path, there.path + "/received");
  EXPECT_EQ(*target->List("received"), *source->List("c"));
  EXPECT_EQ(*target->Read("received", "000015.sst", 0, bytes.size()), bytes);
  auto told = ended.get_future();
  ASSERT_EQ(told.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_TRUE(told.get().ok());
  Do(&core, [&] { fetch.reset(); });
  core.Stop();
}

}  // namespace
}  // namespace rookery::consensus
