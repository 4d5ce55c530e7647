#include "tools/rookery/ensemble/server_report.h"

#include <gtest/gtest.h>

#include "tools/rookery/table.h"

namespace rookery::tools::ensemble {
namespace {

TEST(ServerReportTest, ReadsWhatAServerSays) {
  ServerReport report;
  ReadServerReport(
      "Zookeeper version: 3.9.5-abc, built on 2026-01-01 12:00 UTC\n"
      "Latency min/avg/max: 0/0.4553/12\nReceived: 100\nSent: 99\nConnections: 7\n"
      "Outstanding: 0\nZxid: 0x100000005\nMode: leader\nNode count: 12\n",
      "zk_version\t3.9.5\nzk_global_sessions\t3\n",
      "clientPort=2181\ngrpcPort=40001\nadmin.serverPort=0\n", &report);
  EXPECT_EQ(report.role, "leader");
  EXPECT_EQ(report.version, "3.9.5-abc");
  EXPECT_EQ(report.zxid, 0x100000005);
  EXPECT_EQ(report.connections, 7);
  EXPECT_EQ(report.nodes, 12);
  EXPECT_EQ(report.sessions, 3);
  EXPECT_EQ(report.grpc_port, 40001u);
  EXPECT_EQ(report.admin_port, 0u);
  EXPECT_EQ(report.problem, "");
}

TEST(ServerReportTest, RefusalsAreNoRoles) {
  ServerReport serving;
  ReadServerReport("This ZooKeeper instance is not currently serving requests\n", "", "", &serving);
  EXPECT_EQ(serving.role, "not serving");
  ServerReport refused;
  ReadServerReport("srvr is not executed because it is not in the whitelist.\n", "", "", &refused);
  EXPECT_EQ(refused.role, "unknown");
  EXPECT_NE(refused.problem, "");
}

TEST(TableTest, ColumnsStandBelowEachOther) {
  Table table({"A", "LONGER"});
  table.Add({"cell", "x"});
  table.Add({"", ""});
  EXPECT_EQ(table.ToString(), "A     LONGER\ncell  x\n\n");
}

}  // namespace
}  // namespace rookery::tools::ensemble
