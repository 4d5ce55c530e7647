#include "coordinator/main/node/memory_plan.h"

#include <algorithm>

namespace rookery {
namespace {

// A flush of more than this takes long and gains nothing.
constexpr uint64_t kFlushBytesMost = 32u << 20;
// The log's tail spares servers that were away for a short time a checkpoint, no more.
constexpr uint64_t kLogTailBytesMost = 64u << 20;
constexpr uint64_t kLogCheckpointBytesMost = 64u << 20;
constexpr uint64_t kLogMemtableBytesMost = 32u << 20;
// A hundred thousand changes: who was away for longer reads the cluster anew as fast.
constexpr uint64_t kMetadataJournalBytesMost = 64u << 20;

}  // namespace

MemoryPlan PlanMemory(uint64_t budget_bytes) {
  const uint64_t part = budget_bytes / 32;
  const uint64_t journal = std::min(part / 2, kMetadataJournalBytesMost);
  return {.nodes = 15 * part - journal,
          .log_tail = std::min(3 * part, kLogTailBytesMost),
          .log_checkpoint = std::min(3 * part, kLogCheckpointBytesMost),
          .log_flush = std::min(2 * part, kFlushBytesMost),
          .log_memtable = std::min(part, kLogMemtableBytesMost),
          .state_block_cache = 4 * part,
          .metadata_journal = journal};
}

void ApplyMemoryPlan(const MemoryPlan& plan, NodeOptions* options) {
  store::StoreOptions& store = options->store;
  store.memory_budget_bytes = plan.nodes;
  store.absence_filter_bytes_max = plan.nodes / 8;
  store.flush_bytes = std::min(plan.nodes / 8, kFlushBytesMost);
  store.flush_log_bytes = plan.log_flush;
  store.unflushed_bytes_max = 4 * store.flush_bytes;
  options->raft.tail_bytes_max = plan.log_tail;
  options->service.checkpoint_log_bytes = plan.log_checkpoint;
}

}  // namespace rookery
