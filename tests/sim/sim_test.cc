#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "absl/strings/str_join.h"
#include "tests/sim/run.h"
#include "tests/sim/shrink.h"
#include "tests/sim/worker.h"

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

TEST(SimTest, TheSameSeedGivesTheSameTraceInAnotherProcess) {
  const Outcome there = RunIsolated(DrawPlan(43));
  EXPECT_NE(there.trace_hash, 0u);
  EXPECT_EQ(there.trace_hash, RunSeed(DrawPlan(43)).trace_hash);
}

TEST(SimTest, TheSameSeedOfRecipesGivesTheSameTraceInAnotherProcess) {
  const Outcome there = RunIsolated(DrawRecipePlan(44));
  const RunResult here = RunSeed(DrawRecipePlan(44));
  EXPECT_TRUE(here.violations.empty()) << absl::StrJoin(here.violations, "\n");
  EXPECT_GE(here.succeeded, 100u);
  EXPECT_EQ(there.trace_hash, here.trace_hash);
  EXPECT_EQ(there.requests, here.requests);
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

TEST(SimTest, ClientsWhoseServersStoodStillGoOn) {
  RunPlan plan = DrawPlan(10);
  plan.early = false;
  plan.faults.clear();
  for (uint32_t server = 1; server <= plan.founders; ++server) {
    plan.faults.push_back(
        {.kind = Fault::Kind::kPause, .at_us = 1'000'000, .server = server, .for_us = plan.run_us});
  }
  ExpectGood(RunSeed(plan));
}

TEST(SimTest, ARunWhoseFaultsCouldNotBeHasOthers) {
  RunPlan plan = DrawPlan(11);
  plan.faults.assign(kFaultsLeast, {.kind = Fault::Kind::kCut, .server = 1, .other = 1});
  const RunResult result = RunSeed(plan);
  ExpectGood(result);
  EXPECT_GE(result.fault_count(), kFaultsLeast);
}

// A run that fails when both of two faults are there, whatever else is.
TEST(ShrinkTest, KeepsWhatTheRunFailsWithoutAndNothingElse) {
  RunPlan plan;
  for (int64_t i = 0; i < 40; ++i) plan.faults.push_back({.at_us = i});
  int tries = 0;
  const std::vector<size_t> kept = Shrink(
      plan,
      [&](const RunPlan& less) {
        ++tries;
        int needed = 0;
        for (const Fault& fault : less.faults) needed += fault.at_us == 7 || fault.at_us == 31;
        return needed == 2;
      },
      [](size_t) {});
  EXPECT_EQ(kept, (std::vector<size_t>{7, 31}));
  EXPECT_LT(tries, 60);
}

TEST(ShrinkTest, ARunThatFailsByItselfKeepsNoFault) {
  RunPlan plan;
  plan.faults.resize(9);
  EXPECT_TRUE(Shrink(plan, [](const RunPlan&) { return true; }, [](size_t) {}).empty());
}

TEST(WorkerTest, AProcessThatDiesInARunIsAViolationAndTheNextRunGoesOn) {
  Worker first({1, 2}, [](uint64_t seed) {
    if (seed == 1) abort();
    return DrawPlan(seed);
  });
  std::vector<Outcome> outcomes;
  const auto take = [&](const Outcome& outcome) { outcomes.push_back(outcome); };
  while (first.Read(take)) {
  }
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].seed, 1u);
  ASSERT_EQ(outcomes[0].violations.size(), 1u);
  EXPECT_EQ(first.left(), std::vector<uint64_t>{2});
}

}  // namespace
}  // namespace rookery::sim
