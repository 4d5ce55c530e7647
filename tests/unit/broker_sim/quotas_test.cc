// kafka-on-zookeeper 3.13, worked out by hand.
#include <gtest/gtest.h>

#include "broker-sim/quota/client_quotas.h"
#include "broker-sim/quota/connection_quotas.h"
#include "broker-sim/quota/mutation_quotas.h"
#include "broker-sim/quota/replication_quota.h"

namespace rookery::broker_sim {
namespace {

TEST(RequestQuotaTest, MutesForAWindowAtMost) {
  kafka::ConfigsByEntity configs;
  configs["clients/shop"]["request_percentage"] = "1.5";
  ClientQuotas quotas("request_percentage", &configs, 1000);
  quotas.Heard("clients/shop");
  EXPECT_EQ(quotas.Record("ANONYMOUS", "shop", 15, 0), 0);     // 15 % seconds in 10 s
  EXPECT_EQ(quotas.Record("ANONYMOUS", "shop", 0.3, 0), 200);  // 2 % above, of 10 s
  EXPECT_EQ(quotas.Record("ANONYMOUS", "shop", 100, 0), 1000);
}

TEST(MutationQuotasTest, RefusesWhoIsInDebtAndCountsNothingThen) {
  kafka::ConfigsByEntity configs;
  MutationQuotas quotas(&configs);
  EXPECT_EQ(quotas.Take("admin", "a", 1'000'000, 0), 0);  // no quota
  configs["users/admin"]["controller_mutation_rate"] = "2";
  quotas.Heard("users/admin");
  EXPECT_EQ(quotas.Take("admin", "a", 30, 0), 0);    // 22 are there: 8 in debt
  EXPECT_EQ(quotas.Take("admin", "b", 1, 0), 4000);  // the user's, whatever the client
  EXPECT_EQ(quotas.Take("admin", "b", 1, 3000), 1000);
  EXPECT_EQ(quotas.Take("admin", "b", 1, 4000), 0);
}

TEST(ConnectionQuotasTest, ARefusedConnectionDoesNotCount) {
  kafka::ConfigsByEntity configs;
  ConnectionQuotas quotas(&configs);
  EXPECT_EQ(quotas.Connect("10.0.0.1", 0), 0);
  configs["ips/<default>"]["connection_creation_rate"] = "2";
  for (int i = 0; i < 20; ++i) EXPECT_EQ(quotas.Connect("10.0.0.1", 0), 0) << i;  // in 10 s
  EXPECT_EQ(quotas.Connect("10.0.0.1", 0), 500);  // 2.1 a second, 5 % above, of 10 s
  EXPECT_EQ(quotas.Connect("10.0.0.1", 0), 500);
  EXPECT_EQ(quotas.Connect("10.0.0.2", 0), 0);
}

TEST(ConnectionQuotasTest, AnAddressOfItsOwnComesBeforeTheDefault) {
  kafka::ConfigsByEntity configs;
  configs["ips/<default>"]["connection_creation_rate"] = "0";
  configs["ips/10.0.0.1"]["connection_creation_rate"] = "7";
  ConnectionQuotas quotas(&configs);
  EXPECT_EQ(quotas.LimitOf("10.0.0.1"), 7);
  EXPECT_EQ(quotas.LimitOf("10.0.0.2"), 0);
  EXPECT_EQ(quotas.Connect("10.0.0.2", 0), 1000);  // never more than a window
}

TEST(ReplicationQuotaTest, ConcernsTheListedReplicasOfThisBroker) {
  kafka::ConfigsByEntity configs;
  configs["topics/orders"]["leader.replication.throttled.replicas"] = "0:1,1:2,12:1";
  configs["topics/payments"]["leader.replication.throttled.replicas"] = "*";
  const ReplicationQuota quota(ReplicationQuota::Side::kLeader, 1, &configs);
  EXPECT_TRUE(quota.Concerns("orders", 0));
  EXPECT_FALSE(quota.Concerns("orders", 1));
  EXPECT_FALSE(quota.Concerns("orders", 2));
  EXPECT_TRUE(quota.Concerns("orders", 12));
  EXPECT_TRUE(quota.Concerns("payments", 5));
  EXPECT_FALSE(quota.Concerns("others", 0));
}

TEST(ReplicationQuotaTest, IsExceededWhileTheRateIsAboveTheBrokersLimit) {
  kafka::ConfigsByEntity configs;
  ReplicationQuota quota(ReplicationQuota::Side::kFollower, 1, &configs);
  quota.Record(1'000'000, 0);
  EXPECT_FALSE(quota.Exceeded(0));  // none is set
  configs["brokers/<default>"]["follower.replication.throttled.rate"] = "100000";
  configs["brokers/2"]["follower.replication.throttled.rate"] = "1000000000";
  EXPECT_TRUE(quota.Exceeded(0));
  EXPECT_TRUE(quota.Exceeded(9'000));
  EXPECT_FALSE(quota.Exceeded(10'500));
  configs["brokers/1"]["follower.replication.throttled.rate"] = "50000";
  EXPECT_TRUE(quota.Exceeded(10'500));
}

}  // namespace
}  // namespace rookery::broker_sim
