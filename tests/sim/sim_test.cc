#include <gtest/gtest.h>

#include "tests/sim/workload.h"

namespace rookery::sim {
namespace {

void ExpectGood(const RunResult& result) {
  SCOPED_TRACE(ToText(result));
  ASSERT_TRUE(result.live);
  EXPECT_GE(result.requests, 1000u);
  EXPECT_GE(result.succeeded, result.requests / 2);
  EXPECT_GE(result.elections, 1u);
  EXPECT_EQ(result.missing, 0u);
  EXPECT_EQ(result.doubled, 0u);
  ASSERT_EQ(result.digests.size(), 3u);
  EXPECT_EQ(result.digests[0], result.digests[1]);
  EXPECT_EQ(result.digests[1], result.digests[2]);
}

TEST(SimTest, CarriesRequestsOverALeadersCrash) {
  for (uint64_t seed = 1; seed <= 5; ++seed) ExpectGood(RunWorkload({.seed = seed}));
}

TEST(SimTest, TheSameSeedGivesTheSameTraceAndDigest) {
  const RunResult first = RunWorkload({.seed = 42});
  const RunResult second = RunWorkload({.seed = 42});
  ExpectGood(first);
  EXPECT_EQ(first.trace_hash, second.trace_hash);
  EXPECT_EQ(first.messages, second.messages);
  EXPECT_EQ(first.digests, second.digests);
}

TEST(SimTest, AnotherSeedGivesAnotherTrace) {
  EXPECT_NE(RunWorkload({.seed = 7}).trace_hash, RunWorkload({.seed = 8}).trace_hash);
}

}  // namespace
}  // namespace rookery::sim
