#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker-sim/replica/partition.h"

namespace rookery::broker_sim {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kLagUs = 1000;

std::vector<Record> Batch(int64_t producer, int32_t first, int32_t count) {
  std::vector<Record> batch;
  for (int32_t i = 0; i < count; ++i) {
    batch.push_back({.sequence = first + i, .producer_id = producer, .bytes = 10});
  }
  return batch;
}

PartitionLeadership Said(int32_t leader, int32_t epoch, int32_t version, kafka::Replicas isr) {
  PartitionLeadership said;
  said.id = {"t", 0};
  said.state = {.leader = leader, .leader_epoch = epoch, .isr = std::move(isr)};
  said.version = version;
  said.replicas = {1, 2, 3};
  return said;
}

TEST(ReplicaLogTest, ABatchThatComesAgainIsADuplicateWithItsFirstOffset) {
  ReplicaLog log;
  int64_t base = -1;
  EXPECT_EQ(log.Judge(Batch(7, 0, 2), &base), ReplicaLog::Batch::kNew);
  EXPECT_EQ(log.Append(Batch(7, 0, 2), 0), 0);
  EXPECT_EQ(log.Append(Batch(7, 2, 3), 0), 2);
  EXPECT_EQ(log.Judge(Batch(7, 2, 3), &base), ReplicaLog::Batch::kDuplicate);
  EXPECT_EQ(base, 2);
  EXPECT_EQ(log.Judge(Batch(7, 6, 1), &base), ReplicaLog::Batch::kOutOfOrder);
  EXPECT_EQ(log.Judge(Batch(7, 5, 1), &base), ReplicaLog::Batch::kNew);
}

TEST(ReplicaLogTest, AFollowerKnowsTheBatchesThatItFetchedAndForgetsThoseItCutOff) {
  ReplicaLog leader, follower;
  leader.Append(Batch(7, 0, 2), 0);
  leader.Append(Batch(7, 2, 3), 1);
  follower.AppendFetched(leader.Read(0, leader.end(), 1000));
  int64_t base = -1;
  EXPECT_EQ(follower.Judge(Batch(7, 2, 3), &base), ReplicaLog::Batch::kDuplicate);
  EXPECT_EQ(base, 2);
  follower.TruncateTo(2);
  EXPECT_EQ(follower.end(), 2);
  EXPECT_EQ(follower.Judge(Batch(7, 2, 3), &base), ReplicaLog::Batch::kNew);
  EXPECT_EQ(follower.Judge(Batch(7, 0, 2), &base), ReplicaLog::Batch::kDuplicate);
}

TEST(ReplicaLogTest, TellsWhereALeaderEpochEnds) {
  ReplicaLog log;
  EXPECT_EQ(log.EndOf(0).epoch, -1);
  log.Append(Batch(7, 0, 2), 1);
  log.Append(Batch(7, 2, 3), 4);
  EXPECT_EQ(log.EndOf(0).epoch, -1);
  EXPECT_EQ(log.EndOf(1).end, 2);
  EXPECT_EQ(log.EndOf(3).epoch, 1);  // no record of 2 or 3
  EXPECT_EQ(log.EndOf(3).end, 2);
  EXPECT_EQ(log.EndOf(9).end, 5);
}

TEST(LocalPartitionTest, TheWatermarkWaitsForEveryReplicaInSync) {
  ReplicaLog log;
  LocalPartition partition(1, {"t", 0}, &log);
  ASSERT_TRUE(partition.Take(Said(1, 0, 0, {1, 2}), 0));
  log.Append(Batch(7, 0, 4), 0);
  partition.OnFollowerFetch(2, 0, 10);
  EXPECT_FALSE(partition.AdvanceWatermark(10, kLagUs));
  partition.OnFollowerFetch(2, 3, 20);
  EXPECT_TRUE(partition.AdvanceWatermark(20, kLagUs));
  EXPECT_EQ(partition.watermark(), 3);
}

TEST(LocalPartitionTest, AFollowerIsTakenInOnceItHasWhatIsCommitted) {
  ReplicaLog log;
  log.Append(Batch(7, 0, 4), 0);
  LocalPartition partition(1, {"t", 0}, &log);
  ASSERT_TRUE(partition.Take(Said(1, 1, 3, {1}), 0));
  EXPECT_TRUE(partition.AdvanceWatermark(0, kLagUs));
  EXPECT_EQ(partition.watermark(), 4);  // alone in sync
  partition.OnFollowerFetch(2, 3, 10);
  EXPECT_EQ(partition.Expand(2), std::nullopt);
  partition.OnFollowerFetch(2, 4, 20);
  EXPECT_EQ(partition.Expand(2), (kafka::Replicas{1, 2}));
  partition.BeginChange({1, 2});
  EXPECT_EQ(partition.Expand(2), std::nullopt);  // one change at a time
  // Until the controller has written it, a record must be at both.
  log.Append(Batch(7, 4, 1), 1);
  EXPECT_FALSE(partition.AdvanceWatermark(30, kLagUs));
  partition.OnFollowerFetch(2, 5, 40);
  EXPECT_TRUE(partition.AdvanceWatermark(40, kLagUs));
}

TEST(LocalPartitionTest, ALaggardLeavesButNotOneThatHasEverything) {
  ReplicaLog log;
  LocalPartition partition(1, {"t", 0}, &log);
  ASSERT_TRUE(partition.Take(Said(1, 0, 0, {1, 2, 3}), 0));
  partition.OnFollowerFetch(2, 0, 10);
  EXPECT_EQ(partition.Shrink(5000, kLagUs), (kafka::Replicas{1, 2}));  // 3 never came
  partition.OnFollowerFetch(3, 0, 10);
  EXPECT_EQ(partition.Shrink(5000, kLagUs), std::nullopt);  // nothing to fetch
  log.Append(Batch(7, 0, 1), 0);
  EXPECT_EQ(partition.Shrink(5000, kLagUs), (kafka::Replicas{1}));
}

TEST(LocalPartitionTest, WhatIsOlderThanWhatIsKnownIsIgnored) {
  ReplicaLog log;
  LocalPartition partition(1, {"t", 0}, &log);
  ASSERT_TRUE(partition.Take(Said(2, 5, 9, {2}), 0));
  EXPECT_FALSE(partition.Take(Said(1, 4, 10, {1}), 0));
  EXPECT_FALSE(partition.Take(Said(1, 5, 9, {1}), 0));
  EXPECT_FALSE(partition.leads());
  EXPECT_TRUE(partition.Take(Said(1, 6, 10, {1}), 0));
  EXPECT_TRUE(partition.leads());
}

}  // namespace
}  // namespace rookery::broker_sim
