// A blocking client that many threads use while others close it. Run under the sanitizers too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "coordinator/client/blocking.h"
#include "coordinator/client/session_client.h"

namespace rookery::client {
namespace {

using model::ErrorCode;

// A server that grants every session and finds every node, each in a turn of its own.
class AgreeableLink final : public Link {
 public:
  AgreeableLink(Executor* executor, LinkHandler* handler)
      : executor_(executor), handler_(handler) {}
  ~AgreeableLink() override { *alive_ = false; }

  void Open(const Hello&) override {
    Later([this] { handler_->OnOpened({6000, 7, "password", false}); });
  }
  void Send(const model::WriteOperation&) override {
    Later([this] { handler_->OnReply({ErrorCode::kOk, 5, model::EmptyReply()}); });
  }
  void Send(const model::ReadOperation&) override {
    Later([this] { handler_->OnReply({ErrorCode::kOk, 5, model::DataReply()}); });
  }
  void SendCredential(const Credential&) override {
    Later([this] { handler_->OnCredential(ErrorCode::kOk); });
  }
  void RestoreWatches(const model::SetWatchesRequest&) override {}
  void SendHeartbeat() override {}
  void Close() override { *alive_ = false; }

 private:
  void Later(Task task) {
    executor_->Post([alive = alive_, task = std::move(task)]() mutable {
      if (*alive) task();
    });
  }

  Executor* const executor_;
  LinkHandler* const handler_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

std::unique_ptr<BlockingClient> MakeClient(
    absl::AnyInvocable<void(SessionState)> observer = nullptr) {
  Options options;
  options.observer = std::move(observer);
  options.servers = {{"a", 1}};
  auto client = BlockingClient::Create(
      [](AsioCore* core, Options wanted) -> absl::StatusOr<std::unique_ptr<Client>> {
        LinkFactory factory = [core](const Address&, LinkHandler* handler) {
          return std::make_unique<AgreeableLink>(core, handler);
        };
        return std::make_unique<SessionClient>(core, &SystemClock(), std::move(factory),
                                               std::move(wanted));
      },
      std::move(options));
  return *std::move(client);
}

TEST(BlockingThreadsTest, TwoThreadsCloseWhileOthersAsk) {
  for (int round = 0; round < 50; ++round) {
    const auto client = MakeClient();
    ASSERT_TRUE(client->Connect(10'000));
    std::atomic<int> ok = 0, over = 0, other = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        // Until the session is over: every call returns.
        while (true) {
          const ErrorCode error = client->GetData("/node").error;
          ++(error == ErrorCode::kOk ? ok : error == ErrorCode::kSessionExpired ? over : other);
          if (error != ErrorCode::kOk) return;
        }
      });
    }
    while (ok < 20) std::this_thread::yield();
    for (int i = 0; i < 2; ++i) threads.emplace_back([&] { client->Close(); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(over, 4);
    EXPECT_EQ(other, 0);
    EXPECT_EQ(client->state(), SessionState::kClosed);
  }
}

TEST(BlockingThreadsTest, ItsEndClosesTheSession) {
  std::atomic<int> closed = 0;
  for (int round = 0; round < 50; ++round) {
    auto client = MakeClient([&closed](SessionState state) {
      if (state == SessionState::kClosed) ++closed;
    });
    ASSERT_TRUE(client->Connect(10'000));
    std::thread asker([&] { EXPECT_TRUE(client->GetData("/node").ok()); });
    asker.join();
    client.reset();
  }
  EXPECT_EQ(closed, 50);
}

}  // namespace
}  // namespace rookery::client
