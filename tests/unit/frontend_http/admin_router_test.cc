#include "coordinator/frontend/http/admin_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/frontend_zookeeper/raw_client.h"

namespace rookery::frontend {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

class AdminRouterTest : public testing::Test {
 protected:
  boost::json::object Json(const std::string& path) {
    const HttpAnswer answer = router_(path);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.content_type, "application/json");
    return boost::json::parse(answer.body).as_object();
  }

  service::World world_{1};
  HttpRouter router_ = AdminRouter(FactsOf(&world_, 1));
};

TEST_F(AdminRouterTest, IsReadyOnceItServes) {
  EXPECT_EQ(router_("/livez").status, 200);
  EXPECT_EQ(router_("/readyz").status, 503);
  EXPECT_NE(Json("/commands/stats")["error"], nullptr);
  EXPECT_EQ(Json("/commands/ruok")["error"], nullptr);
  world_.Settle(1);
  EXPECT_EQ(router_("/readyz").status, 200);
  EXPECT_EQ(router_("/elsewhere").status, 404);
}

TEST_F(AdminRouterTest, ListsItsCommandsAndNamesThemByTheirPrimaryName) {
  world_.Settle(1);
  EXPECT_THAT(router_("/commands").body,
              HasSubstr("<a href=\"/commands/server_stats\">server_stats</a>"));
  for (const auto& [alias, primary] :
       {std::pair("srvr", "server_stats"), std::pair("stat", "stats"), std::pair("mntr", "monitor"),
        std::pair("conf", "configuration"), std::pair("cons", "connections"),
        std::pair("wchs", "watch_summary"), std::pair("isro", "is_read_only")}) {
    boost::json::object answer = Json(std::string("/commands/") + alias);
    EXPECT_EQ(answer["command"], primary);
    EXPECT_EQ(answer["error"], nullptr);
  }
  boost::json::object unknown = Json("/commands/foo");
  EXPECT_EQ(unknown["error"], "Unknown command: foo");
}

TEST_F(AdminRouterTest, ListsWatchesBothWays) {
  world_.Settle(1);
  auto one = world_.Open(1);
  auto other = world_.Open(1);
  world_.Do(one, service::Get("/b", true));
  world_.Do(one, service::Get("/zookeeper", true));
  world_.Do(other, service::Get("/zookeeper", true));
  const boost::json::object by_path = Json("/commands/wchp")["path_to_session_ids"].as_object();
  EXPECT_EQ(by_path.size(), 1u);  // a getData of what is not there leaves no watch
  EXPECT_EQ(by_path.at("/zookeeper").as_array().size(), 2u);
  const boost::json::object by_session =
      Json("/commands/wchc")["session_id_to_watched_paths"].as_object();
  EXPECT_EQ(by_session.size(), 2u);
  EXPECT_EQ(by_session.begin()->value(), boost::json::array{"/zookeeper"});
}

TEST_F(AdminRouterTest, SetsItsCountersToZero) {
  world_.Settle(1);
  auto session = world_.Open(1);
  world_.Do(session, service::Create("/e"));
  EXPECT_GT(Json("/commands/monitor")["cnt_updatelatency"].to_number<int>(), 0);
  EXPECT_EQ(Json("/commands/srst")["command"], "stat_reset");
  EXPECT_EQ(Json("/commands/monitor")["cnt_updatelatency"], 0);
  EXPECT_EQ(Json("/commands/monitor")["znode_count"], 6);
}

TEST_F(AdminRouterTest, ShowsNumbersUnderZooKeepersNames) {
  world_.Settle(1);
  auto session = world_.Open(1);
  world_.Do(session, service::Create("/e", "abc", model::kEphemeral));
  world_.Do(session, service::Get("/e", true));
  boost::json::object monitor = Json("/commands/monitor");
  EXPECT_EQ(monitor["znode_count"], 6);
  EXPECT_EQ(monitor["ephemerals_count"], 1);
  EXPECT_EQ(monitor["watch_count"], 1);
  EXPECT_EQ(monitor["global_sessions"], 1);
  EXPECT_EQ(monitor["server_state"], "standalone");
  boost::json::object dump = Json("/commands/dump");
  EXPECT_EQ(dump["session_id_to_ephemeral_paths"].as_object().size(), 1u);
  const std::string metrics = router_("/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("\nznode_count 6\n"));
  EXPECT_THAT(metrics, HasSubstr("# TYPE updatelatency summary\n"));
  EXPECT_THAT(metrics, ContainsRegex("updatelatency_count [1-9]"));
  EXPECT_THAT(metrics, HasSubstr("updatelatency{quantile=\"0.99\"} "));
  EXPECT_THAT(metrics, HasSubstr("# TYPE connection_drop_count counter\n"));
  // What the alerts of ZooKeeper's own guide ask for, beside those above.
  for (const char* name : {"num_alive_connections", "approximate_data_size",
                           "open_file_descriptor_count", "avg_latency", "snapshottime_sum"}) {
    EXPECT_THAT(metrics, HasSubstr(absl::StrCat("\n", name, " ")));
  }
  EXPECT_THAT(metrics, ContainsRegex("election_time_count [1-9]"));
}

TEST_F(AdminRouterTest, WordsSayTheSame) {
  world_.Settle(1);
  auto session = world_.Open(1);
  world_.Do(session, service::Create("/e", "abc", model::kEphemeral));
  world_.Do(session, service::Get("/e", true));
  FourLetterWords words(FactsOf(&world_, 1), "*");
  EXPECT_EQ(words.Answer("ruok"), "imok");
  EXPECT_EQ(words.Answer("isro"), "rw");
  EXPECT_EQ(words.Answer("wchs"), "1 connections watching 1 paths\nTotal watches:1\n");
  const std::string mntr = words.Answer("mntr");
  EXPECT_EQ(mntr.find("zk_version\t"), 0u);
  EXPECT_THAT(mntr, HasSubstr("\nzk_znode_count\t6\n"));
  EXPECT_THAT(mntr, ContainsRegex("\nzk_avg_latency\t[0-9]+\\.[0-9]+\n"));
  EXPECT_THAT(mntr, ContainsRegex("\nzk_p99_updatelatency\t[0-9.]+\n"));
  const std::string srvr = words.Answer("srvr");
  EXPECT_THAT(srvr, ContainsRegex("\nLatency min/avg/max: [0-9]+/[0-9]+\\.[0-9]+/[0-9]+\n"));
  EXPECT_THAT(srvr, HasSubstr("\nZxid: 0x10000000"));
  const std::string dump = words.Answer("dump");
  EXPECT_THAT(dump, HasSubstr("Session Sets (1)/(1):\n"));
  EXPECT_THAT(dump, HasSubstr("Sessions with Ephemerals (1):\n"));
  EXPECT_THAT(dump, HasSubstr("\n\t/e\n"));
  EXPECT_THAT(words.Answer("conf"), HasSubstr("\nserverId=0\n"));
}

TEST_F(AdminRouterTest, WordsSayThatAServerDoesNotServe) {
  FourLetterWords words(FactsOf(&world_, 1), "*");
  EXPECT_EQ(words.Answer("ruok"), "imok");
  EXPECT_EQ(words.Answer("isro"), "null");
  EXPECT_EQ(words.Answer("srvr"), "This ZooKeeper instance is not currently serving requests\n");
}

}  // namespace
}  // namespace rookery::frontend
