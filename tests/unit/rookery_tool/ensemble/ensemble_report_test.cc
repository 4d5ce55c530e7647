#include "tools/rookery/ensemble/ensemble_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rookery/v1/ensemble.pb.h"
#include "tools/rookery/ensemble/admin_client.h"

namespace rookery::tools::ensemble {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::GetStatusResponse StatusOf(uint32_t server, v1::ServerState state) {
  v1::GetStatusResponse status;
  status.set_server(server);
  status.set_state(state);
  status.set_serving(true);
  status.set_leader(1);
  status.set_term(4);
  status.set_zxid(0x100000010 - server);
  status.set_applied_index(90);
  status.set_digest(0xabc);
  status.set_version("1.0");
  status.set_grpc_port(3180 + server);
  if (server == 1) status.set_admin_port(8080);
  for (uint32_t number : {1, 2}) {
    v1::Member* member = status.add_members();
    member->set_server(number);
    member->set_voter(true);
    member->set_address("h:2888:3888");
    member->set_client_address("h:2181");
    member->set_connected(true);
    if (state == v1::SERVER_STATE_LEADING) member->set_matched_index(100 - number);
  }
  return status;
}

EnsembleReport TwoServers() {
  EnsembleReport report;
  ServerReport follower{.address = {"h", 2}};
  ReadAdminStatus(StatusOf(2, v1::SERVER_STATE_FOLLOWING), &follower, &report);
  report.servers.push_back(follower);
  ServerReport leader{.address = {"h", 1}};
  ReadAdminStatus(StatusOf(1, v1::SERVER_STATE_LEADING), &leader, &report);
  report.servers.push_back(leader);
  return report;
}

TEST(EnsembleReportTest, ShowsServersAndMembers) {
  EXPECT_EQ(ToText(TwoServers()),
            "SERVER  ROLE      ZXID         LAG  ID  TERM  APPLIED  DIGEST            CONNECTIONS  "
            "SESSIONS  NODES  GRPC  ADMIN  VERSION\n"
            "h:2     follower  0x10000000e  1    2   4     90       0000000000000abc  0            "
            "0         0      3182  none   1.0\n"
            "h:1     leader    0x10000000f  0    1   4     90       0000000000000abc  0            "
            "0         0      3181  8080   1.0\n"
            "\n"
            "MEMBER  VOTE  ADDRESS      CLIENT ADDRESS  CONNECTED  LOG BEHIND\n"
            "1       yes   h:2888:3888  h:2181          yes        0\n"
            "2       yes   h:2888:3888  h:2181          yes        1\n");
  EXPECT_TRUE(TwoServers().HasLeader());
}

TEST(EnsembleReportTest, ServersWithoutAnAdministrationApiKeepTheShortTable) {
  EnsembleReport report;
  report.servers.push_back({.address = {"h", 1}, .role = "follower"});
  EXPECT_EQ(ToText(report),
            "SERVER  ROLE      ZXID  LAG  CONNECTIONS  SESSIONS  NODES  VERSION\n"
            "h:1     follower  -     -    -            -         -      -\n");
  EXPECT_FALSE(report.HasLeader());
}

TEST(EnsembleReportTest, TellsOfDifferentStatesAtOneEntry) {
  EnsembleReport report = TwoServers();
  EXPECT_THAT(report.DigestConflict(), IsEmpty());
  report.servers[0].digest = 1;
  EXPECT_THAT(report.DigestConflict(), HasSubstr("at entry 90"));
  report.servers[0].applied_index = 89;  // not comparable
  EXPECT_THAT(report.DigestConflict(), IsEmpty());
}

TEST(GrpcAddressesTest, AreAThousandAboveTheClientPortsUnlessNamed) {
  EXPECT_EQ(GrpcAddresses("a:2181,b:2281/chroot", false, "")->at(1), (Address{"b", 3281}));
  EXPECT_EQ(GrpcAddresses("a", false, "")->at(0), (Address{"a", 3181}));
  EXPECT_EQ(GrpcAddresses("a:2181", false, "x:5")->at(0), (Address{"x", 5}));
  EXPECT_EQ(GrpcAddresses("a:3181", true, "")->at(0), (Address{"a", 3181}));
  EXPECT_FALSE(GrpcAddresses("a:65000", false, "").ok());
}

}  // namespace
}  // namespace rookery::tools::ensemble
