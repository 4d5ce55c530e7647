// The client against a real ZooKeeper: what no fake can promise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "coordinator/client/factory/client_factory.h"
#include "tests/support/zookeeper_ensemble.h"

namespace rookery::client {
namespace {

using model::ErrorCode;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr int64_t kWaitMs = 20'000;

model::CreateRequest NewNode(std::string path, std::string data, int32_t flags = 0) {
  return {std::move(path), std::move(data), *model::OpenAcl(), flags, false};
}

// What watches and observers tell, for threads that wait for it.
class Mailbox {
 public:
  Watch MakeWatch() {
    return [this](const WatchEvent& event) {
      Put(absl::StrCat(EventName(event.kind), " ", event.path));
    };
  }
  void Put(std::string text) {
    const std::lock_guard lock(mutex_);
    texts_.push_back(std::move(text));
    changed_.notify_all();
  }
  // The texts once there are `count`; fewer if they do not come in time.
  std::vector<std::string> Wait(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(kWaitMs),
                      [&] { return texts_.size() >= count; });
    return texts_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
};

// One ensemble for all tests of a suite.
template <int kServers>
class EnsembleTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!testing::ZooKeeperInstalled()) return;
    ensemble_ = std::make_unique<testing::ZooKeeperEnsemble>(kServers, 500);
    start_status_ = ensemble_->Start();
  }
  static void TearDownTestSuite() { ensemble_.reset(); }

  void SetUp() override {
    if (!ensemble_) {
      ASSERT_FALSE(testing::Required("zookeeper")) << "ZooKeeper's jars are missing";
      GTEST_SKIP() << "ZooKeeper is not installed";
    }
    ASSERT_TRUE(start_status_.ok()) << start_status_;
  }

  std::unique_ptr<BlockingClient> Open(const std::string& chroot = "", Options options = {}) {
    options.session_timeout_ms = 5000;
    auto client = OpenBlockingClient(Protocol::kZooKeeper, ensemble_->ConnectString() + chroot,
                                     std::move(options), kWaitMs);
    EXPECT_TRUE(client.ok()) << client.status();
    return client.ok() ? *std::move(client) : nullptr;
  }
  size_t IndexOf(const Address& address) {
    for (size_t i = 0; i < ensemble_->addresses().size(); ++i) {
      if (ensemble_->addresses()[i] == address) return i;
    }
    ADD_FAILURE() << address.ToString() << " is none of ours";
    return 0;
  }

  static inline std::unique_ptr<testing::ZooKeeperEnsemble> ensemble_;
  static inline absl::Status start_status_;
};

using OneServerTest = EnsembleTest<1>;
using ThreeServersTest = EnsembleTest<3>;

TEST_F(OneServerTest, EveryOperation) {
  auto client = Open();
  ASSERT_NE(client, nullptr);
  EXPECT_EQ(client->Create(NewNode("/ops", "one")).value.path, "/ops");
  EXPECT_EQ(client->Create(NewNode("/ops", "one")).error, ErrorCode::kNodeExists);
  EXPECT_EQ(
      client->Create({"/ops/null", std::nullopt, *model::OpenAcl(), 0, true}).value.stat.version,
      0);
  EXPECT_EQ(client->GetData("/ops/null").value.data, std::nullopt);
  const auto sequential = client->Create(NewNode("/ops/item-", "", model::kPersistentSequential));
  EXPECT_EQ(sequential.value.path, "/ops/item-0000000001");
  EXPECT_EQ(client->SetData({"/ops", "two", 0}).value.stat.version, 1);
  EXPECT_EQ(client->SetData({"/ops", "two", 0}).error, ErrorCode::kBadVersion);
  EXPECT_EQ(client->GetData("/ops").value.data, "two");
  EXPECT_EQ(client->Exists("/ops").value.stat.num_children, 2);
  EXPECT_EQ(client->Exists("/nothing").error, ErrorCode::kNoNode);
  const auto children = client->GetChildren("/ops");
  EXPECT_THAT(children.value.children, UnorderedElementsAre("null", "item-0000000001"));
  EXPECT_EQ(children.value.stat.num_children, 2);
  EXPECT_EQ(client->GetAcl("/ops").value.acl, *model::OpenAcl());
  EXPECT_EQ(client->SetAcl({"/ops", *model::OpenAcl(), 0}).value.stat.aversion, 1);
  EXPECT_EQ(client->Sync("/ops").value.path, "/ops");
  EXPECT_EQ(client->Delete({"/ops"}).error, ErrorCode::kNotEmpty);
  EXPECT_TRUE(client->Delete({"/ops/null"}).ok());
}

TEST_F(OneServerTest, MultiIsAllOrNothing) {
  auto client = Open();
  ASSERT_NE(client, nullptr);
  model::MultiRequest good;
  good.parts = {NewNode("/multi", "a"), model::SetDataRequest{"/multi", "b", 0},
                model::CheckRequest{"/multi", 1}, NewNode("/multi/child", ""),
                model::DeleteRequest{"/multi/child", -1}};
  const auto done = client->Multi(good);
  ASSERT_TRUE(done.ok()) << model::ErrorName(done.error);
  ASSERT_EQ(done.value.parts.size(), 5u);
  EXPECT_EQ(std::get<model::StatReply>(done.value.parts[1].body).stat.version, 1);

  model::MultiRequest bad;
  bad.parts = {NewNode("/multi/one", ""), model::CheckRequest{"/multi", 7},
               NewNode("/multi/two", "")};
  const auto failed = client->Multi(bad);
  EXPECT_EQ(failed.error, ErrorCode::kBadVersion);
  ASSERT_EQ(failed.value.parts.size(), 3u);
  EXPECT_EQ(failed.value.parts[0].error, ErrorCode::kOk);
  EXPECT_EQ(failed.value.parts[2].error, ErrorCode::kRuntimeInconsistency);
  EXPECT_EQ(client->Exists("/multi/one").error, ErrorCode::kNoNode);
}

TEST_F(OneServerTest, WatchesTellOfOthers) {
  auto watcher = Open();
  auto other = Open();
  ASSERT_NE(watcher, nullptr);
  ASSERT_NE(other, nullptr);
  Mailbox mailbox;
  EXPECT_EQ(watcher->Exists("/watched", mailbox.MakeWatch()).error, ErrorCode::kNoNode);
  ASSERT_TRUE(other->Create(NewNode("/watched", "")).ok());
  EXPECT_THAT(mailbox.Wait(1), ElementsAre("NodeCreated /watched"));
  ASSERT_TRUE(watcher->GetData("/watched", mailbox.MakeWatch()).ok());
  ASSERT_TRUE(other->SetData({"/watched", "x", -1}).ok());
  EXPECT_EQ(mailbox.Wait(2).back(), "NodeDataChanged /watched");
  ASSERT_TRUE(watcher->GetChildren("/watched", mailbox.MakeWatch()).ok());
  ASSERT_TRUE(other->Create(NewNode("/watched/child", "")).ok());
  EXPECT_EQ(mailbox.Wait(3).back(), "NodeChildrenChanged /watched");
}

TEST_F(OneServerTest, ClosingEndsEphemeralsAtOnce) {
  auto other = Open();
  ASSERT_NE(other, nullptr);
  {
    auto owner = Open();
    ASSERT_NE(owner, nullptr);
    ASSERT_TRUE(owner->Create(NewNode("/mine", "", model::kEphemeral)).ok());
    EXPECT_EQ(other->Exists("/mine").value.stat.ephemeral_owner, owner->session());
    owner->Close();
    EXPECT_EQ(owner->state(), SessionState::kClosed);
    EXPECT_EQ(owner->GetData("/mine").error, ErrorCode::kSessionExpired);
  }
  EXPECT_EQ(other->Exists("/mine").error, ErrorCode::kNoNode);
}

TEST_F(OneServerTest, ChrootIsInvisible) {
  auto outside = Open();
  ASSERT_NE(outside, nullptr);
  ASSERT_TRUE(outside->Create(NewNode("/jail", "root")).ok());
  auto inside = Open("/jail");
  ASSERT_NE(inside, nullptr);
  EXPECT_EQ(inside->GetData("/").value.data, "root");
  EXPECT_EQ(inside->Create(NewNode("/cell", "")).value.path, "/cell");
  EXPECT_TRUE(outside->Exists("/jail/cell").ok());
  Mailbox mailbox;
  ASSERT_TRUE(inside->GetData("/cell", mailbox.MakeWatch()).ok());
  ASSERT_TRUE(outside->Delete({"/jail/cell"}).ok());
  EXPECT_THAT(mailbox.Wait(1), ElementsAre("NodeDeleted /cell"));
}

TEST_F(OneServerTest, CredentialsOpenWhatTheyOwn) {
  auto owner = Open();
  auto stranger = Open();
  ASSERT_NE(owner, nullptr);
  ASSERT_NE(stranger, nullptr);
  EXPECT_EQ(owner->AddCredential({"digest", "user:pass"}), ErrorCode::kOk);
  const model::Acl mine = {{model::kAll, {"auth", ""}}};
  ASSERT_TRUE(owner->Create({"/private", "secret", mine, 0, false}).ok());
  EXPECT_EQ(owner->GetData("/private").value.data, "secret");
  EXPECT_EQ(stranger->GetData("/private").error, ErrorCode::kNoAuth);
  EXPECT_EQ(stranger->AddCredential({"nonsense", "x"}), ErrorCode::kAuthFailed);
  EXPECT_EQ(stranger->state(), SessionState::kAuthFailed);
}

TEST_F(OneServerTest, ManyRequestsInFlightComeBackInOrder) {
  auto client = Open();
  ASSERT_NE(client, nullptr);
  ASSERT_TRUE(client->Create(NewNode("/many", "")).ok());
  constexpr int kCount = 2000;
  std::vector<int> versions;
  std::promise<void> finished;
  client->WithClient([&](Client& async) {
    for (int i = 0; i < kCount; ++i) {
      async.SetData({"/many", absl::StrCat(i), -1}, [&](Result<model::StatReply> result) {
        versions.push_back(result.value.stat.version);
        if (versions.size() == kCount) finished.set_value();
      });
    }
  });
  ASSERT_EQ(finished.get_future().wait_for(std::chrono::milliseconds(kWaitMs)),
            std::future_status::ready);
  for (int i = 0; i < kCount; ++i) ASSERT_EQ(versions[i], i + 1);
}

TEST_F(OneServerTest, SessionCanBeTakenUpByAnotherClient) {
  auto first = Open();
  ASSERT_NE(first, nullptr);
  ASSERT_TRUE(first->Create(NewNode("/stolen", "", model::kEphemeral)).ok());
  Options options;
  options.session = first->session();
  first->WithClient([&](Client& client) { options.password = client.password(); });
  auto second = Open("", std::move(options));
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->session(), first->session());
  // Both want the session now, and each reconnect ends the other's connection.
  auto found = second->Exists("/stolen");
  while (found.error == ErrorCode::kConnectionLoss) found = second->Exists("/stolen");
  EXPECT_EQ(found.value.stat.ephemeral_owner, first->session());
  second->Close();
}

TEST_F(OneServerTest, WrongPasswordIsExpiry) {
  Options options;
  options.session = 0x1234;
  options.password = std::string(16, 'x');
  options.session_timeout_ms = 5000;
  const auto client = OpenBlockingClient(Protocol::kZooKeeper, ensemble_->ConnectString(),
                                         std::move(options), kWaitMs);
  EXPECT_EQ(client.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(client.status().message()), ::testing::HasSubstr("EXPIRED"));
}

TEST_F(OneServerTest, PingsKeepAnIdleSession) {
  auto client = Open();
  ASSERT_NE(client, nullptr);
  ASSERT_TRUE(client->Create(NewNode("/idle", "", model::kEphemeral)).ok());
  // Longer than the session's timeout without a request; a second client waits for the node's end.
  EXPECT_FALSE(client->WaitForState(SessionState::kConnecting, 7000));
  EXPECT_EQ(client->state(), SessionState::kConnected);
  EXPECT_TRUE(client->Exists("/idle").ok());
}

TEST_F(ThreeServersTest, SessionMovesToAnotherServerWithItsWatches) {
  Mailbox states;
  Options options;
  options.observer = [&](SessionState state) { states.Put(std::string(StateName(state))); };
  auto client = Open("", std::move(options));
  ASSERT_NE(client, nullptr);
  ASSERT_TRUE(client->Create(NewNode("/moved", "", model::kEphemeral)).ok());
  ASSERT_TRUE(client->Create(NewNode("/target", "")).ok());
  Mailbox mailbox;
  ASSERT_TRUE(client->GetData("/target", mailbox.MakeWatch()).ok());
  const model::SessionId session = client->session();
  const Address server = client->server();

  ensemble_->Kill(IndexOf(server));
  EXPECT_THAT(states.Wait(4), ElementsAre("CONNECTING", "CONNECTED", "CONNECTING", "CONNECTED"));
  EXPECT_NE(client->server(), server);
  EXPECT_EQ(client->session(), session);
  EXPECT_EQ(client->Exists("/moved").value.stat.ephemeral_owner, session);
  auto other = Open();
  ASSERT_NE(other, nullptr);
  ASSERT_TRUE(other->SetData({"/target", "x", -1}).ok());
  EXPECT_THAT(mailbox.Wait(1), ElementsAre("NodeDataChanged /target"));
  ASSERT_TRUE(ensemble_->Restart(IndexOf(server)).ok());
}

TEST_F(ThreeServersTest, ChangeDuringAnInterruptionIsToldAfterwards) {
  auto client = Open();
  auto other = Open();
  ASSERT_NE(client, nullptr);
  ASSERT_NE(other, nullptr);
  ASSERT_TRUE(client->Create(NewNode("/gap", "")).ok());
  Mailbox mailbox;
  ASSERT_TRUE(client->GetData("/gap", mailbox.MakeWatch()).ok());
  // The client's thread stands still while its server goes and the node changes.
  const Address server = client->server();
  std::promise<void> go_on;
  auto gate = go_on.get_future();
  std::promise<void> stopped;
  std::thread pause([&] {
    client->WithClient([&](Client&) {
      stopped.set_value();
      gate.wait();
    });
  });
  stopped.get_future().wait();
  ensemble_->Kill(IndexOf(server));
  auto changed = other->SetData({"/gap", "x", -1});
  while (changed.error == ErrorCode::kConnectionLoss) changed = other->SetData({"/gap", "x", -1});
  go_on.set_value();
  pause.join();
  ASSERT_TRUE(changed.ok()) << model::ErrorName(changed.error);
  EXPECT_THAT(mailbox.Wait(1), ElementsAre("NodeDataChanged /gap"));
  ASSERT_TRUE(ensemble_->Restart(IndexOf(server)).ok());
}

}  // namespace
}  // namespace rookery::client
