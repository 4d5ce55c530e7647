#include "broker-sim/cluster/tree_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "absl/strings/str_cat.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/net/free_port.h"
#include "coordinator/client/factory/client_factory.h"
#include "coordinator/kafka/broker.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace rookery::broker_sim {
namespace {

using ::testing::HasSubstr;

class TreeGuardTest : public ::testing::Test {
 protected:
  TreeGuardTest() {
    const int port = FreePort();
    servers_ = absl::StrCat("127.0.0.1:", port);
    std::ofstream(directory_.path() / "zoo.cfg")
        << "tickTime=500\ndataDir=" << directory_.path().string() << "/data\nclientPort=" << port
        << "\nclientPortAddress=127.0.0.1\ngrpcPort=none\nadmin.enableServer=false\n";
    server_ = testing::ChildProcess({ROOKERYD_PROGRAM, (directory_.path() / "zoo.cfg").string()},
                                    (directory_.path() / "log").string());
    constexpr int64_t kWaitMs = 30000;
    auto client = client::OpenBlockingClient(client::Protocol::kZooKeeper, servers_, {}, kWaitMs);
    EXPECT_TRUE(client.ok()) << client.status();
    if (!client.ok()) return;
    client_ = *std::move(client);
    // The roots come with the first leader's first entry, maybe after the first client.
    const int64_t deadline_us = SystemClock().NowUs() + 1000 * kWaitMs;
    while (!client_->Exists("/brokers/ids").ok() && SystemClock().NowUs() < deadline_us) {
    }
  }

  void Put(const std::string& path, const std::string& data) {
    EXPECT_TRUE(client_->Create({path, data, *model::OpenAcl()}).ok()) << path;
  }
  void PutBroker(int32_t id, const std::string& endpoint) {
    Put(absl::StrCat("/brokers/ids/", id),
        kafka::EncodeBroker({.host = "kafka", .port = 9092, .endpoints = {endpoint}}));
  }

  // What the guard says, with a session of its own.
  absl::Status Check() {
    AsioCore core;
    client::Options options;
    const size_t colon = servers_.find(':');
    options.servers = {
        {servers_.substr(0, colon), static_cast<uint16_t>(std::stoi(servers_.substr(colon + 1)))}};
    auto made = client::CreateClient(client::Protocol::kZooKeeper, &core, std::move(options));
    auto session = std::make_unique<Session>(*std::move(made));
    std::promise<absl::Status> said;
    Scope scope;
    struct Way {
      static Async<> Go(Session* session, std::promise<absl::Status>* said) {
        said->set_value(co_await CheckForRealBrokers(session));
      }
    };
    core.Start("guard");
    core.Post([&] {
      session->client().Connect();
      scope.Spawn(Way::Go(session.get(), &said));
    });
    absl::Status status = said.get_future().get();
    core.Stop();
    session.reset();
    return status;
  }

  testing::TemporaryDirectory directory_;
  std::string servers_;
  testing::ChildProcess server_;
  std::unique_ptr<client::BlockingClient> client_;
};

TEST_F(TreeGuardTest, LetsBrokersIntoATreeThatIsEmptyOrASimulations) {
  EXPECT_TRUE(Check().ok());  // the roots that the coordinator made are nobody's
  Put("/cluster", "");
  Put("/cluster/id", kafka::EncodeClusterId(SimulatedClusterId(7, 8)));
  EXPECT_TRUE(Check().ok());
  PutBroker(4, "PLAINTEXT://127.0.0.1:9096");
  EXPECT_THAT(std::string(Check().message()),
              HasSubstr("another simulation's brokers are registered here: 4 "
                        "(PLAINTEXT://127.0.0.1:9096)"));
}

TEST_F(TreeGuardTest, RefusesATreeOfRealBrokersByName) {
  Put("/cluster", "");
  Put("/cluster/id", kafka::EncodeClusterId("bxXUVU12QMqMpC4WLtU5xQ"));
  EXPECT_THAT(std::string(Check().message()),
              HasSubstr("the tree of the real cluster bxXUVU12QMqMpC4WLtU5xQ, none of whose"));
  PutBroker(3, "PLAINTEXT://kafka-3:9092");
  const absl::Status refused = Check();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("the brokers 3 (PLAINTEXT://kafka-3:9092) of the real cluster "
                        "bxXUVU12QMqMpC4WLtU5xQ are registered here; simulated brokers need a "
                        "tree without real ones: give them a chroot of their own"));
}

}  // namespace
}  // namespace rookery::broker_sim
