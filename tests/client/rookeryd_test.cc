// The client, and the rookery program, beside a server of ours: both protocols on one tree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/wait.h>

#include <condition_variable>
#include <fstream>
#include <future>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "coordinator/base/net/free_port.h"
#include "coordinator/client/factory/client_factory.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace rookery::client {
namespace {

using model::ErrorCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kWaitMs = 30000;

class RookerydTest : public ::testing::Test {
 protected:
  // One server for all tests.
  static void SetUpTestSuite() {
    directory_ = std::make_unique<testing::TemporaryDirectory>();
    zookeeper_ = absl::StrCat("127.0.0.1:", FreePort());
    grpc_ = absl::StrCat("127.0.0.1:", FreePort());
    std::ofstream(directory_->path() / "zoo.cfg")
        << "tickTime=500\ndataDir=" << directory_->path().string() << "/data"
        << "\nclientPort=" << zookeeper_.substr(10) << "\nclientPortAddress=127.0.0.1"
        << "\ngrpcPort=" << grpc_.substr(10) << "\ngrpcPortAddress=127.0.0.1\n";
    Start();
  }
  static void TearDownTestSuite() {
    server_ = {};
    directory_.reset();
  }
  static void Start() {
    server_ = testing::ChildProcess({ROOKERYD_PROGRAM, (directory_->path() / "zoo.cfg").string()},
                                    (directory_->path() / "log").string());
  }

  static std::unique_ptr<BlockingClient> Open(Protocol protocol, Options options = {}) {
    auto client = OpenBlockingClient(protocol, protocol == Protocol::kGrpc ? grpc_ : zookeeper_,
                                     std::move(options), kWaitMs);
    EXPECT_TRUE(client.ok()) << client.status();
    return client.ok() ? *std::move(client) : nullptr;
  }
  static model::CreateRequest NewNode(std::string path, model::Data data, int32_t flags = 0) {
    return {std::move(path), std::move(data), *model::OpenAcl(), flags, true};
  }
  // Output, and the exit status in the last line.
  static std::string Run(const std::string& arguments) {
    FILE* pipe = popen(absl::StrCat(ROOKERY_PROGRAM, " ", arguments, " 2>&1").c_str(), "r");
    std::string output;
    char buffer[4096];
    for (size_t count; (count = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
      output.append(buffer, count);
    }
    return absl::StrCat(output, WEXITSTATUS(pclose(pipe)));
  }

  static inline std::unique_ptr<testing::TemporaryDirectory> directory_;
  static inline testing::ChildProcess server_;
  static inline std::string zookeeper_, grpc_;
};

TEST_F(RookerydTest, EveryOperationOverGrpc) {
  auto client = Open(Protocol::kGrpc);
  ASSERT_NE(client, nullptr);
  EXPECT_EQ(client->Create(NewNode("/ops", "one")).value.path, "/ops");
  EXPECT_EQ(client->Create(NewNode("/ops", "one")).error, ErrorCode::kNodeExists);
  EXPECT_TRUE(client->Create(NewNode("/ops/null", std::nullopt)).ok());
  EXPECT_EQ(client->GetData("/ops/null").value.data, std::nullopt);
  EXPECT_EQ(client->Create(NewNode("/ops/item-", "", model::kPersistentSequential)).value.path,
            "/ops/item-0000000001");
  EXPECT_EQ(client->SetData({"/ops", "two", 0}).value.stat.version, 1);
  EXPECT_EQ(client->SetData({"/ops", "two", 0}).error, ErrorCode::kBadVersion);
  EXPECT_EQ(client->GetData("/ops").value.data, "two");
  EXPECT_EQ(client->Exists("/ops").value.stat.num_children, 2);
  EXPECT_EQ(client->Exists("/nothing").error, ErrorCode::kNoNode);
  EXPECT_THAT(client->GetChildren("/ops").value.children, ElementsAre("item-0000000001", "null"));
  EXPECT_EQ(client->GetAcl("/ops").value.acl, *model::OpenAcl());
  EXPECT_EQ(client->SetAcl({"/ops", *model::OpenAcl(), 0}).value.stat.aversion, 1);
  EXPECT_EQ(client->Sync("/ops").value.path, "/ops");
  EXPECT_EQ(client->Delete({"/ops"}).error, ErrorCode::kNotEmpty);
  EXPECT_TRUE(client->Delete({"/ops/null"}).ok());

  model::MultiRequest multi;
  multi.parts = {NewNode("/ops/a", ""), model::CheckRequest{"/ops", 7}};
  const auto failed = client->Multi(multi);
  EXPECT_EQ(failed.error, ErrorCode::kBadVersion);
  EXPECT_EQ(failed.value.parts.size(), 2u);
  EXPECT_EQ(client->Exists("/ops/a").error, ErrorCode::kNoNode);
  multi.parts[1] = model::CheckRequest{"/ops", 1};
  EXPECT_TRUE(client->Multi(multi).ok());
}

TEST_F(RookerydTest, BothProtocolsSeeOneTree) {
  auto over_grpc = Open(Protocol::kGrpc);
  auto over_zookeeper = Open(Protocol::kZooKeeper);
  ASSERT_NE(over_grpc, nullptr);
  ASSERT_NE(over_zookeeper, nullptr);
  std::promise<std::string> told;
  EXPECT_EQ(over_grpc
                ->Exists("/one-tree",
                         [&](const WatchEvent& event) {
                           told.set_value(std::string(EventName(event.kind)));
                         })
                .error,
            ErrorCode::kNoNode);
  ASSERT_TRUE(over_zookeeper->Create(NewNode("/one-tree", "x", model::kEphemeral)).ok());
  auto event = told.get_future();
  ASSERT_EQ(event.wait_for(std::chrono::milliseconds(kWaitMs)), std::future_status::ready);
  EXPECT_EQ(event.get(), "NodeCreated");
  EXPECT_EQ(over_grpc->Exists("/one-tree").value.stat.ephemeral_owner, over_zookeeper->session());
  over_zookeeper->Close();
  over_grpc->Sync("/");
  EXPECT_EQ(over_grpc->Exists("/one-tree").error, ErrorCode::kNoNode);
}

TEST_F(RookerydTest, CredentialsOpenWhatTheyOwn) {
  Options options;
  options.credentials = {{"digest", "user:pass"}};
  auto owner = Open(Protocol::kGrpc, std::move(options));
  auto stranger = Open(Protocol::kGrpc);
  ASSERT_NE(owner, nullptr);
  ASSERT_NE(stranger, nullptr);
  const model::Acl mine = {{model::kAll, {"auth", ""}}};
  ASSERT_TRUE(owner->Create({"/private", "secret", mine, 0, false}).ok());
  EXPECT_EQ(owner->GetData("/private").value.data, "secret");
  EXPECT_EQ(stranger->GetData("/private").error, ErrorCode::kNoAuth);
  EXPECT_EQ(stranger->AddCredential({"digest", "user:pass"}), ErrorCode::kOk);
  EXPECT_EQ(stranger->GetData("/private").value.data, "secret");
}

TEST_F(RookerydTest, ASessionOverGrpcOutlivesItsServersRestart) {
  Options options;
  options.session_timeout_ms = 10000;
  auto client = Open(Protocol::kGrpc, std::move(options));
  ASSERT_NE(client, nullptr);
  const model::SessionId session = client->session();
  ASSERT_TRUE(client->Create(NewNode("/mine", "", model::kEphemeral)).ok());
  std::promise<void> told;
  ASSERT_TRUE(client->GetData("/mine", [&](const WatchEvent&) { told.set_value(); }).ok());
  server_.Kill();
  ASSERT_TRUE(client->WaitForState(SessionState::kConnecting, kWaitMs));
  Start();
  ASSERT_TRUE(client->WaitForState(SessionState::kConnected, kWaitMs));
  EXPECT_EQ(client->session(), session);
  auto other = Open(Protocol::kZooKeeper);
  ASSERT_NE(other, nullptr);
  ASSERT_TRUE(other->SetData({"/mine", "x", -1}).ok());
  EXPECT_EQ(told.get_future().wait_for(std::chrono::milliseconds(kWaitMs)),
            std::future_status::ready);
}

// What a watch was told, gathered from the client's thread.
class Gathered {
 public:
  Watch Watcher() {
    return [this](const WatchEvent& event) {
      const std::lock_guard lock(mutex_);
      events_.push_back(absl::StrCat(EventName(event.kind), " ", event.path));
      grown_.notify_all();
    };
  }
  // The first `count` of them; fewer if no more come in time.
  std::vector<std::string> Wait(size_t count) {
    std::unique_lock lock(mutex_);
    grown_.wait_for(lock, std::chrono::milliseconds(kWaitMs),
                    [&] { return events_.size() >= count; });
    return events_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable grown_;
  std::vector<std::string> events_;
};

TEST_F(RookerydTest, AWatchThatStaysFollowsASubtreeOverARestart) {
  for (const Protocol protocol : {Protocol::kGrpc, Protocol::kZooKeeper}) {
    const std::string top = protocol == Protocol::kGrpc ? "/stays-grpc" : "/stays-zookeeper";
    Gathered gathered;
    auto client = Open(protocol);
    auto writer = Open(Protocol::kZooKeeper);
    ASSERT_NE(client, nullptr);
    ASSERT_NE(writer, nullptr);
    ASSERT_TRUE(
        client->AddWatch(top, model::WatchMode::kPersistentRecursive, gathered.Watcher()).ok());
    ASSERT_TRUE(writer->Create(NewNode(top, "")).ok());
    ASSERT_TRUE(writer->Create(NewNode(top + "/a", "")).ok());
    ASSERT_TRUE(writer->SetData({top + "/a", "x", -1}).ok());
    EXPECT_THAT(gathered.Wait(3), ElementsAre("NodeCreated " + top, "NodeCreated " + top + "/a",
                                              "NodeDataChanged " + top + "/a"));
    server_.Kill();
    ASSERT_TRUE(client->WaitForState(SessionState::kConnecting, kWaitMs));
    Start();
    EXPECT_EQ(gathered.Wait(4).back(), "Reconnected " + top);
    // The answer of a later request: the watch stands.
    ASSERT_TRUE(client->Sync("/").ok());
    ASSERT_TRUE(writer->Delete({top + "/a", -1}).ok());
    EXPECT_EQ(gathered.Wait(5).back(), "NodeDeleted " + top + "/a");
    ASSERT_TRUE(client->RemoveWatch(top, model::WatchMode::kPersistentRecursive).ok());
    EXPECT_EQ(client->RemoveWatch(top, model::WatchMode::kPersistentRecursive).error,
              ErrorCode::kNoWatcher);
    ASSERT_TRUE(writer->SetData({top, "nobody hears", -1}).ok());
    ASSERT_TRUE(client->Sync("/").ok());
    EXPECT_EQ(gathered.Wait(5).size(), 5u);
  }
}

TEST_F(RookerydTest, TheProgramSpeaksBothAndAdministers) {
  ASSERT_NE(Open(Protocol::kZooKeeper), nullptr);
  EXPECT_EQ(Run(absl::StrCat("--protocol grpc --servers ", grpc_, " create /by-program data")),
            "Created /by-program\n0");
  EXPECT_EQ(Run(absl::StrCat("--servers ", zookeeper_, " get /by-program")), "data\n0");
  const std::string status =
      Run(absl::StrCat("--servers ", zookeeper_, " status --json --grpc-servers ", grpc_));
  EXPECT_THAT(status, HasSubstr("\"role\":\"standalone\""));
  EXPECT_THAT(status, HasSubstr("\"digest\":\""));
  const std::string transfer =
      Run(absl::StrCat("--servers ", zookeeper_, " ensemble transfer --grpc-servers ", grpc_));
  EXPECT_EQ(transfer, "rookery ensemble: there is no other voter\n1");
}

// Nobody but the server knows which they are.
TEST_F(RookerydTest, StatusTellsThePortsThatWereTakenFromWhatIsFree) {
  const testing::TemporaryDirectory directory;
  const std::string address = absl::StrCat("127.0.0.1:", FreePort());
  const std::string file = (directory.path() / "zoo.cfg").string();
  std::ofstream(file) << "dataDir=" << directory.path().string()
                      << "/data\nclientPort=" << address.substr(10)
                      << "\nclientPortAddress=127.0.0.1"
                      << "\ngrpcPort=0\ngrpcPortAddress=127.0.0.1"
                      << "\nadmin.serverPort=0\nadmin.serverAddress=127.0.0.1"
                      << "\n4lw.commands.whitelist=*\n";
  const testing::ChildProcess server({ROOKERYD_PROGRAM, file}, (directory.path() / "log").string());
  std::string status;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(kWaitMs);
  do {
    status = Run(absl::StrCat("--servers ", address, " status --json"));
  } while (status.find("standalone") == std::string::npos &&
           std::chrono::steady_clock::now() < deadline);
  EXPECT_THAT(status, ::testing::ContainsRegex("\"grpc_port\":[1-9]"));
  EXPECT_THAT(status, ::testing::ContainsRegex("\"admin_port\":[1-9]"));
  EXPECT_THAT(status, HasSubstr("\"digest\":\""));  // which only the gRPC port tells
}

}  // namespace
}  // namespace rookery::client
