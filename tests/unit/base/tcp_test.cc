#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "coordinator/base/net/asio_core.h"
#include "coordinator/base/stream_end.h"

namespace rookery {
namespace {

// Echoes what it hears; lives on the core.
class Echo : public StreamHandler {
 public:
  explicit Echo(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {
    stream_->Start(this);
  }
  void OnBytes(absl::string_view bytes) override { stream_->Write(std::string(bytes)); }
  void OnClosed(absl::Status) override {}

 private:
  std::unique_ptr<Stream> stream_;
};

class Collector : public StreamHandler {
 public:
  void OnBytes(absl::string_view bytes) override {
    text.append(bytes.data(), bytes.size());
    if (text.size() >= wanted) done.set_value();
  }
  void OnClosed(absl::Status why) override { closed.set_value(why); }
  std::string text;
  size_t wanted = SIZE_MAX;
  std::promise<void> done;
  std::promise<absl::Status> closed;
};

template <typename F>
auto OnCore(AsioCore& core, F f) {
  std::promise<decltype(f())> result;
  core.Post([&] { result.set_value(f()); });
  return result.get_future().get();
}

class TcpTest : public testing::Test {
 protected:
  TcpTest() { core_.Start("core"); }
  ~TcpTest() override {
    OnCore(core_, [this] {
      client_.reset();
      echoes_.clear();
      listener_.reset();
      return 0;
    });
    core_.Stop();
  }
  void Listen() {
    listener_ = OnCore(core_, [this] {
      return core_
          .Listen({"127.0.0.1", 0},
                  [this](std::unique_ptr<Stream> stream) {
                    echoes_.push_back(std::make_unique<Echo>(std::move(stream)));
                  })
          .value();
    });
  }
  absl::Status Connect(Address to) {
    std::promise<absl::Status> connected;
    core_.Post([&, to] {
      core_.Connect(to, 5'000'000, [&](absl::StatusOr<std::unique_ptr<Stream>> stream) {
        if (stream.ok()) client_ = *std::move(stream);
        connected.set_value(stream.status());
      });
    });
    return connected.get_future().get();
  }

  AsioCore core_;
  std::unique_ptr<Listener> listener_;
  std::vector<std::unique_ptr<Echo>> echoes_;
  std::unique_ptr<Stream> client_;
};

TEST_F(TcpTest, CarriesMegabytesBothWays) {
  Listen();
  ASSERT_TRUE(Connect(listener_->Local()).ok());
  Collector collector;
  collector.wanted = 8u << 20;
  std::string sent(collector.wanted, 'x');
  for (size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 7 + i / 251);
  OnCore(core_, [&] {
    client_->Start(&collector);
    for (size_t at = 0; at < sent.size(); at += 100'000) client_->Write(sent.substr(at, 100'000));
    return 0;
  });
  ASSERT_EQ(collector.done.get_future().wait_for(std::chrono::seconds(30)),
            std::future_status::ready);
  EXPECT_EQ(OnCore(core_, [&] { return collector.text; }), sent);
}

TEST_F(TcpTest, TellsRefusedApart) {
  Listen();
  const Address gone = listener_->Local();
  OnCore(core_, [this] {
    listener_.reset();
    return 0;
  });
  const absl::Status status = Connect(gone);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(status.message().find("refused"), absl::string_view::npos) << status;
}

TEST_F(TcpTest, RefusesAnAddressInUse) {
  Listen();
  const auto second = OnCore(core_, [this] {
    return core_.Listen(listener_->Local(), [](std::unique_ptr<Stream>) {}).status();
  });
  EXPECT_EQ(second.code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(TcpTest, ReportsAnOrderlyEnd) {
  Listen();
  ASSERT_TRUE(Connect(listener_->Local()).ok());
  Collector collector;
  OnCore(core_, [&] {
    client_->Start(&collector);
    return 0;
  });
  // The accept may come after the connect on the same core; then the close must wait for it.
  for (bool closed = false; !closed;) {
    closed = OnCore(core_, [&] {
      const bool accepted = !echoes_.empty();
      echoes_.clear();
      return accepted;
    });
  }
  const absl::Status why = collector.closed.get_future().get();
  EXPECT_TRUE(why.ok()) << why;
}

// How the system of a process ends its connections once the process is gone: with a reset if the
// process had not read all that it was sent.
TEST_F(TcpTest, TellsAResetByTheOtherSideFromOtherLosses) {
  std::promise<void> accepted;
  Collector collector;
  std::unique_ptr<Stream> stream;
  auto listener = OnCore(core_, [&] {
    return core_.Listen({"127.0.0.1", 0}, [&](std::unique_ptr<Stream> incoming) {
      stream = std::move(incoming);
      stream->Start(&collector);
      accepted.set_value();
    });
  });
  ASSERT_TRUE(listener.ok()) << listener.status();
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = htons((*listener)->Local().port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(connect(client, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  accepted.get_future().wait();
  const linger reset{.l_onoff = 1, .l_linger = 0};
  setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  close(client);
  const absl::Status why = collector.closed.get_future().get();
  EXPECT_EQ(why.code(), absl::StatusCode::kUnavailable) << why;
  EXPECT_TRUE(EndedByOtherSide(why)) << why;
  EXPECT_TRUE(EndedByOtherSide(absl::OkStatus()));
  EXPECT_FALSE(EndedByOtherSide(absl::UnavailableError("timed out")));
  OnCore(core_, [&] {
    stream.reset();
    listener->reset();
    return 0;
  });
}

TEST_F(TcpTest, DeliversWhatCameWhilePaused) {
  Listen();
  ASSERT_TRUE(Connect(listener_->Local()).ok());
  Collector collector;
  collector.wanted = 5;
  OnCore(core_, [&] {
    client_->Start(&collector);
    client_->PauseReading();
    client_->Write("hello");
    return 0;
  });
  OnCore(core_, [&] {
    client_->ResumeReading();
    return 0;
  });
  ASSERT_EQ(collector.done.get_future().wait_for(std::chrono::seconds(10)),
            std::future_status::ready);
}

TEST(AsioCoreTest, RunsTasksInOrderAndTimersOnce) {
  AsioCore core;
  core.Start("core");
  std::vector<int> order;
  std::promise<void> done;
  for (int i = 0; i < 3; ++i) core.Post([&order, i] { order.push_back(i); });
  core.Post([&] {
    EXPECT_TRUE(core.IsCurrent());
    const TimerId cancelled = core.RunAfter(1000, [&order] { order.push_back(99); });
    core.Cancel(cancelled);
    core.RunAfter(2000, [&] {
      order.push_back(3);
      done.set_value();
    });
  });
  done.get_future().get();
  core.Stop();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_FALSE(core.IsCurrent());
}

TEST(AddressTest, ParsesWhatItWrites) {
  for (const char* text : {"localhost:1", "127.0.0.1:65535", "[::1]:2181"}) {
    EXPECT_EQ(Address::Parse(text)->ToString(), text);
  }
  for (const char* bad :
       {"", "a", ":1", "a:", "a:65536", "a:-1", "::1:2", "[::1:2", "[[]:2", "a]:2"}) {
    EXPECT_FALSE(Address::Parse(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace rookery
