#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "tests/sim/run.h"

namespace rookery::sim {
namespace {

void ExpectGood(const RunResult& result) {
  SCOPED_TRACE(testing::Message() << "seed " << result.seed << ": " << ToText(result));
  EXPECT_TRUE(result.violations.empty()) << absl::StrJoin(result.violations, "\n");
  EXPECT_GE(result.virtual_us, 60'000'000);
  EXPECT_GE(result.requests, 1000u);
  EXPECT_GE(result.succeeded, result.requests / 2);
}

TEST(SimTest, TheSameSeedGivesTheSameTraceAndDigest) {
  const RunResult first = RunSeed(DrawPlan(42));
  const RunResult second = RunSeed(DrawPlan(42));
  ExpectGood(first);
  EXPECT_EQ(first.trace_hash, second.trace_hash);
  EXPECT_EQ(first.events, second.events);
  EXPECT_EQ(first.digests, second.digests);
}

TEST(SimTest, AnotherSeedGivesAnotherTrace) {
  EXPECT_NE(RunSeed(DrawPlan(7)).trace_hash, RunSeed(DrawPlan(8)).trace_hash);
}

TEST(SimTest, ATraceIsToldAndChangesNothing) {
  uint64_t lines = 0;
  const RunResult told = RunSeed(DrawPlan(9), [&](const std::string&) { ++lines; });
  EXPECT_GT(lines, 1000u);
  EXPECT_EQ(told.trace_hash, RunSeed(DrawPlan(9)).trace_hash);
}

}  // namespace
}  // namespace rookery::sim
