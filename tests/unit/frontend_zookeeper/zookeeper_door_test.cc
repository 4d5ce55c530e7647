// The door over real sockets: who is let in, and how bytes move.
#include "coordinator/frontend/zookeeper/zookeeper_door.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "coordinator/base/net/asio_core.h"
#include "tests/unit/frontend_zookeeper/raw_client.h"

namespace rookery::frontend {
namespace {

// A blocking TCP connection; reads give up after some seconds.
class Socket {
 public:
  explicit Socket(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval timeout{.tv_sec = 10};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;

  bool connected() const { return connected_; }
  void Send(const std::string& bytes) {
    ASSERT_EQ(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // Everything until the other side closes; "timeout" at the end if it does not.
  std::string ReadAll() {
    std::string all;
    char buffer[4096];
    while (true) {
      const ssize_t got = recv(fd_, buffer, sizeof(buffer), 0);
      if (got <= 0) return got == 0 || errno == ECONNRESET ? all : all + "timeout";
      all.append(buffer, static_cast<size_t>(got));
    }
  }

 private:
  const int fd_;
  bool connected_ = false;
};

class ZooKeeperDoorTest : public testing::Test {
 protected:
  ~ZooKeeperDoorTest() override {
    OnCore([this] { door_.reset(); });
    core_.Stop();
  }

  void Open(ZooKeeperDoorOptions options) {
    options.listen = {"127.0.0.1", 0};
    core_.Start("core");
    OnCore([&] {
      auto door = ZooKeeperDoor::Open(options, &core_, &SystemClock(), &core_, &world_[1].service(),
                                      &words_);
      ASSERT_TRUE(door.ok()) << door.status();
      door_ = *std::move(door);
    });
  }
  template <typename Function>
  void OnCore(Function function) {
    std::promise<void> done;
    core_.Post([&] {
      function();
      done.set_value();
    });
    done.get_future().wait();
  }
  uint16_t port() const { return door_->local().port; }
  TrafficCounters Traffic() {
    TrafficCounters traffic;
    OnCore([&] { traffic = door_->traffic(); });
    return traffic;
  }

  service::World world_{1};  // never runs: it serves nobody
  FourLetterWords words_{FactsOf(&world_, 1), "ruok"};
  AsioCore core_;
  std::unique_ptr<ZooKeeperDoor> door_;
};

TEST_F(ZooKeeperDoorTest, AnswersAWordAndCloses) {
  Open({});
  Socket socket(port());
  socket.Send("ruok\n");
  EXPECT_EQ(socket.ReadAll(), "imok");
}

TEST_F(ZooKeeperDoorTest, ClosesInSilenceOnAHandshakeWhileItServesNobody) {
  Open({});
  Socket socket(port());
  std::string bytes;
  wire::EncodeConnectRequest({.timeout_ms = 10'000}, &bytes);
  socket.Send(bytes);
  EXPECT_EQ(socket.ReadAll(), "");
}

TEST_F(ZooKeeperDoorTest, RefusesMoreConnectionsThanOneHostMayHave) {  // 15
  Open({.connections_per_host_max = 3});
  {
    Socket first(port());
    Socket second(port());
    Socket third(port());
    Socket fourth(port());
    EXPECT_TRUE(fourth.connected());
    EXPECT_EQ(fourth.ReadAll(), "");
    EXPECT_EQ(Traffic().connections_rejected, 1u);
    third.Send("ruok");
    EXPECT_EQ(third.ReadAll(), "imok");
  }
  // Their places are free again once the server has seen them go.
  for (int attempt = 0; attempt < 1000; ++attempt) {
    Socket next(port());
    next.Send("ruok");
    if (next.ReadAll() == "imok") return;
  }
  FAIL() << "places of closed connections are not given away";
}

TEST_F(ZooKeeperDoorTest, RefusesMoreConnectionsThanTheServerMayHave) {
  Open({.connections_max = 1});
  Socket first(port());
  Socket second(port());
  EXPECT_EQ(second.ReadAll(), "");
  first.Send("ruok");
  EXPECT_EQ(first.ReadAll(), "imok");
}

TEST_F(ZooKeeperDoorTest, StopsListeningAndKeepsItsConnections) {
  Open({});
  Socket first(port());
  // Accepted before it stops: the word's first half is read.
  first.Send("ru");
  for (uint64_t bytes = 0; bytes == 0;) bytes = Traffic().bytes_received;
  const uint16_t old_port = port();
  OnCore([this] { door_->StopListening(); });
  Socket second(old_port);
  EXPECT_FALSE(second.connected());
  first.Send("ok");
  EXPECT_EQ(first.ReadAll(), "imok");
}

}  // namespace
}  // namespace rookery::frontend
