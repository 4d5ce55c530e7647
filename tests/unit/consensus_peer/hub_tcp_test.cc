// The hub over real TCP, with a real process to kill.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "coordinator/base/net/asio_core.h"
#include "tests/unit/consensus_peer/servers.h"

namespace rookery::consensus {
namespace {

constexpr auto kDeadline = std::chrono::seconds(20);

// A founded member on a core of its own; its port is known once it listens.
class TcpServer {
 public:
  TcpServer(uint32_t number, PeersListener* listener) {
    const FoundingList founding = Founders(2);
    self_.founding = founding;
    self_.cluster_id = ClusterIdOf(founding);
    self_.engine_id = number;
    self_.disk_id = founding.founders[number - 1].disk_id;
    self_.boot_id = static_cast<uint64_t>(getpid()) * 1000 + number;
    self_.level = 1;
    self_.state = FoundingState::kFounded;
    self_.line = Line(number);
    hub_ = std::make_unique<PeerHub>(&core, &core, &SystemClock(), number,
                                     PeerHubOptions{{"127.0.0.1", 0}});
    hub_->SetListener(listener);
    EXPECT_TRUE(hub_->Start(self_).ok());
    port = hub_->Local().port;
  }
  ~TcpServer() { core.Stop(); }
  // REQUIRES: on the core, or before it runs.
  void Meet(uint16_t other_port) {
    MemberList members = FoundingMembers(Founders(2));
    members.rows[0].quorum_port = self_.engine_id == 1 ? port : other_port;
    members.rows[1].quorum_port = self_.engine_id == 2 ? port : other_port;
    hub_->SetMembers(members, 1);
  }
  PeerHub* hub() { return hub_.get(); }

  AsioCore core;
  uint16_t port = 0;

 private:
  Hello self_;
  std::unique_ptr<PeerHub> hub_;
};

// Ears that another thread may wait at.
class SharedEars : public Ears {
 public:
  void OnPeerConnected(EngineId peer, bool connected) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    Ears::OnPeerConnected(peer, connected);
    changed_.notify_all();
  }
  void OnPeerLost(EngineId peer, PeerLoss why) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    Ears::OnPeerLost(peer, why);
    changed_.notify_all();
  }
  void OnEngineMessage(EngineId from, std::string bytes) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    Ears::OnEngineMessage(from, std::move(bytes));
    changed_.notify_all();
  }
  bool WaitFor(const std::string& line) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, kDeadline, [&] { return Count(line) > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

// Forks a process that runs server 2. Returns its id; the ports travel over pipes.
struct Child {
  pid_t pid = 0;
  int to_child = -1, from_child = -1;
};

// Answers each engine message, until it is killed.
class Echo : public Ears {
 public:
  void OnEngineMessage(EngineId from, std::string bytes) override {
    (void)hub->SendEngineMessage(from, std::move(bytes));
  }
  PeerHub* hub = nullptr;
};

Child ForkServer() {
  int down[2], up[2];
  EXPECT_EQ(::pipe(down), 0);
  EXPECT_EQ(::pipe(up), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    Echo echo;
    TcpServer server(2, &echo);
    echo.hub = server.hub();
    uint16_t other = 0;
    if (::write(up[1], &server.port, sizeof(other)) != sizeof(other)) ::_exit(1);
    if (::read(down[0], &other, sizeof(other)) != sizeof(other)) ::_exit(1);
    server.core.Post([&] { server.Meet(other); });
    server.core.Run();
    ::_exit(0);
  }
  ::close(down[0]);
  ::close(up[1]);
  return Child{pid, down[1], up[0]};
}

TEST(HubTcpTest, HearsOfAKilledProcessAtOnce) {
  std::vector<double> milliseconds;
  for (int round = 0; round < 10; ++round) {
    const Child child = ForkServer();  // before this process has threads
    ASSERT_GT(child.pid, 0);
    {
      SharedEars ears;
      TcpServer one(1, &ears);
      uint16_t other = 0;
      ASSERT_EQ(::read(child.from_child, &other, sizeof(other)), ssize_t{sizeof(other)});
      ASSERT_EQ(::write(child.to_child, &one.port, sizeof(other)), ssize_t{sizeof(other)});
      one.core.Start("one");
      one.core.Post([&] { one.Meet(other); });
      ASSERT_TRUE(ears.WaitFor("connected 2"));
      one.core.Post([&] { EXPECT_TRUE(one.hub()->SendEngineMessage(2, "hello")); });
      ASSERT_TRUE(ears.WaitFor("engine 2 hello"));

      const auto killed = std::chrono::steady_clock::now();
      ASSERT_EQ(::kill(child.pid, SIGKILL), 0);
      ASSERT_TRUE(ears.WaitFor("lost 2 refused"));
      milliseconds.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - killed)
              .count());
    }
    ::close(child.to_child);
    ::close(child.from_child);
    ASSERT_EQ(::waitpid(child.pid, nullptr, 0), child.pid);
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  RecordProperty("median_ms", std::to_string(milliseconds[5]));
  RecordProperty("most_ms", std::to_string(milliseconds[9]));
  std::printf("from kill -9 to the news: median %.2f ms, most %.2f ms\n", milliseconds[5],
              milliseconds[9]);
  // Far below any election timeout even on a loaded machine; typically one or two milliseconds.
  EXPECT_LT(milliseconds[5], 100);
}

}  // namespace
}  // namespace rookery::consensus
