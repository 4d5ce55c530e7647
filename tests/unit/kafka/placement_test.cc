#include "coordinator/kafka/placement.h"

#include <gtest/gtest.h>

#include <set>

namespace rookery::kafka {
namespace {

std::vector<PlacementBroker> Brokers(int count, int racks) {
  std::vector<PlacementBroker> brokers;
  for (int id = 0; id < count; ++id) {
    PlacementBroker broker = {.id = id};
    if (racks > 0) broker.rack = std::string(1, static_cast<char>('a' + id % racks));
    brokers.push_back(broker);
  }
  return brokers;
}

TEST(PlacementTest, SpreadsLeadersEvenlyWithoutRepeats) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    const auto placement = PlaceReplicas(Brokers(5, 0), 10, 3, random);
    ASSERT_TRUE(placement.ok());
    std::map<int32_t, int> leads;
    for (const auto& [partition, replicas] : *placement) {
      EXPECT_EQ(std::set<int32_t>(replicas.begin(), replicas.end()).size(), 3u);
      ++leads[replicas.front()];
    }
    for (const auto& [broker, count] : leads) EXPECT_EQ(count, 2) << "seed " << seed;
    EXPECT_EQ(leads.size(), 5u);
  }
}

TEST(PlacementTest, PutsEveryReplicaOnAnotherRack) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    const auto placement = PlaceReplicas(Brokers(6, 3), 12, 3, random);
    ASSERT_TRUE(placement.ok());
    for (const auto& [partition, replicas] : *placement) {
      std::set<int32_t> racks;
      for (const int32_t broker : replicas) racks.insert(broker % 3);
      EXPECT_EQ(racks.size(), 3u) << "seed " << seed << " partition " << partition;
    }
  }
}

TEST(PlacementTest, UsesEveryBrokerWhenRacksAreFewer) {
  Random random(1);
  const auto placement = PlaceReplicas(Brokers(4, 2), 4, 4, random);
  ASSERT_TRUE(placement.ok());
  for (const auto& [partition, replicas] : *placement) {
    EXPECT_EQ(std::set<int32_t>(replicas.begin(), replicas.end()).size(), 4u);
  }
}

TEST(PlacementTest, RefusesWhatCannotBe) {
  Random random(1);
  EXPECT_FALSE(PlaceReplicas(Brokers(2, 0), 1, 3, random).ok());
  EXPECT_FALSE(PlaceReplicas(Brokers(2, 0), 0, 1, random).ok());
  EXPECT_FALSE(PlaceReplicas(Brokers(2, 0), 1, 0, random).ok());
  EXPECT_FALSE(PlaceReplicas({}, 1, 1, random).ok());
  auto mixed = Brokers(3, 3);
  mixed[1].rack.reset();
  EXPECT_FALSE(PlaceReplicas(mixed, 1, 1, random).ok());
}

}  // namespace
}  // namespace rookery::kafka
