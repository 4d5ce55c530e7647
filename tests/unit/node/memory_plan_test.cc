#include "coordinator/main/node/memory_plan.h"

#include <gtest/gtest.h>

namespace rookery {
namespace {

uint64_t SumOf(const MemoryPlan& plan) {
  return plan.nodes + plan.log_tail + plan.log_checkpoint + plan.log_flush + 2 * plan.log_memtable +
         plan.state_block_cache + plan.metadata_journal;
}

TEST(MemoryPlanTest, PartsLeaveATenthOfTheBudget) {
  for (const uint64_t budget : {uint64_t{32} << 20, uint64_t{512} << 20, uint64_t{64} << 30}) {
    EXPECT_LE(SumOf(PlanMemory(budget)), budget / 10 * 9 + budget / 100);
  }
}

TEST(MemoryPlanTest, EverythingThatGrowsWithTheNodesGrowsWithTheBudget) {
  const MemoryPlan small = PlanMemory(uint64_t{1} << 30);
  const MemoryPlan large = PlanMemory(uint64_t{4} << 30);
  EXPECT_EQ(large.nodes, 4 * small.nodes);
  EXPECT_EQ(large.state_block_cache, 4 * small.state_block_cache);
}

TEST(MemoryPlanTest, MuchMemoryMakesNoRestartSlow) {
  const MemoryPlan plan = PlanMemory(uint64_t{256} << 30);
  EXPECT_LE(plan.log_tail + plan.log_checkpoint + plan.log_flush, uint64_t{160} << 20);
}

TEST(MemoryPlanTest, ChangesFitIntoTheLayerOfTheSmallestBudget) {
  NodeOptions options;
  ApplyMemoryPlan(PlanMemory(uint64_t{32} << 20), &options);
  EXPECT_LE(options.store.unflushed_bytes_max + options.store.absence_filter_bytes_max,
            options.store.memory_budget_bytes);
  EXPECT_GT(options.store.flush_bytes, uint64_t{1} << 20);
}

}  // namespace
}  // namespace rookery
