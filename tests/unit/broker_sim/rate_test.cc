#include "broker-sim/quota/rate.h"

#include <gtest/gtest.h>

#include "broker-sim/quota/client_quotas.h"

namespace rookery::broker_sim {
namespace {

// kafka-on-zookeeper 3.13, worked out by hand.
TEST(RateTest, AYoungRateCountsTheWindowsBeforeAsIdle) {
  Rate rate;
  rate.Record(20'000, 0);
  // e = 500 ms, f = 0: W = 500 + 10 * 1000.
  EXPECT_NEAR(rate.Measure(500), 20'000 * 1000.0 / 10'500, 1e-6);
  // e = 3200 ms, f = 3: W = 3200 + 7 * 1000.
  EXPECT_NEAR(rate.Measure(3200), 20'000 * 1000.0 / 10'200, 1e-6);
}

TEST(RateTest, SamplesExpireElevenSecondsAfterTheirLastEvent) {
  Rate rate;
  rate.Record(1000, 0);
  rate.Record(1000, 5000);
  EXPECT_NEAR(rate.Measure(10'999), 2000 * 1000.0 / 10'999, 1e-6);
  EXPECT_NEAR(rate.Measure(11'000), 1000 * 1000.0 / 10'000, 1e-6);  // e = 6000: W = 6000 + 4000
}

TEST(RateTest, TheThrottleBringsTheRateBackToItsLimit) {
  Rate rate;
  rate.Record(30'000, 0);
  EXPECT_EQ(rate.ThrottleMs(3000, 0), 0);  // 30 000 in 10 s are 3000 a second
  rate.Record(3000, 0);
  // O = 3300, Q = 3000, W = 10 000: X = 300 / 3000 * 10 000.
  EXPECT_EQ(rate.ThrottleMs(3000, 0), 1000);
}

TEST(RateTest, ASimpleOneCountsTheTimeThatHasPassedAWindowAtLeast) {
  Rate rate({.simple = true});
  rate.Record(5000, 0);
  EXPECT_NEAR(rate.Measure(10), 5000, 1e-6);
  EXPECT_NEAR(rate.Measure(2500), 2000, 1e-6);
}

TEST(TokenBucketTest, StartsFullAndRefusesOnlyInDebt) {
  TokenBucket bucket;
  EXPECT_TRUE(bucket.Take(30, 2, 0));  // burst: 11 * 1 * 2 = 22
  EXPECT_FALSE(bucket.Take(1, 2, 0));  // -8
  EXPECT_EQ(bucket.DelayMs(2, 0), 4000);
  EXPECT_FALSE(bucket.Take(1, 2, 3999));
  EXPECT_TRUE(bucket.Take(1, 2, 4000));
}

TEST(ClientQuotasTest, ClientsOfOneUserShareItsLimitOthersDoNot) {
  kafka::ConfigsByEntity configs;
  configs["users/alice"]["producer_byte_rate"] = "1000";
  ClientQuotas quotas("producer_byte_rate", &configs);
  quotas.Heard("users/alice");
  EXPECT_EQ(quotas.Record("alice", "a", 10'000, 0), 0);
  EXPECT_EQ(quotas.Record("alice", "b", 1000, 0), 1000);  // 1100 a second, 10 % above, of 10 s
  EXPECT_EQ(quotas.Record("bob", "a", 1e9, 0), 0);
  configs["users/alice"]["producer_byte_rate"] = "2000";
  EXPECT_EQ(quotas.Record("alice", "b", 1000, 0), 0);  // a change holds at once
}

// Found by comparison with Kafka's ClientQuotaManager.
TEST(ClientQuotasTest, ALimitFindsWhatWasDoneWithoutOne) {
  kafka::ConfigsByEntity configs;
  configs["users/alice"]["producer_byte_rate"] = "1000";
  ClientQuotas quotas("producer_byte_rate", &configs);
  EXPECT_EQ(quotas.Record("bob", "b", 10'000, 0), 0);  // not measured yet
  quotas.Heard("users/alice");
  EXPECT_EQ(quotas.Record("bob", "b", 11'000, 0), 0);
  configs["users/bob"]["producer_byte_rate"] = "1000";
  quotas.Heard("users/bob");
  EXPECT_EQ(quotas.Record("bob", "b", 0, 0), 1000);
}

}  // namespace
}  // namespace rookery::broker_sim
