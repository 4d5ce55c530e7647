// How `memoryBudget` is divided among what a server keeps in memory (DESIGN section 4), and what
// happens at each edge: nodes that nobody changed are evicted, changed ones are flushed earlier and
// then writers wait, the log is trimmed closer behind its checkpoints, blocks leave the cache.
#pragma once

#include <cstdint>

#include "coordinator/main/node/node.h"

namespace rookery {

// Bytes of each part. They leave a tenth of the budget for connections, for what flushes and
// checkpoints take while they run, and for the program itself.
struct MemoryPlan {
  uint64_t nodes = 0;              // the node layer: active, frozen, clean, and what is absent
  uint64_t log_tail = 0;           // entries kept in memory behind the newest checkpoint ...
  uint64_t log_checkpoint = 0;     // ... those since it, after which the next one is made ...
  uint64_t log_flush = 0;          // ... and those that the state on disk does not have yet
  uint64_t log_memtable = 0;       // the log database's: one filling, one being written
  uint64_t state_block_cache = 0;  // the state database's, its indexes and filters included
  uint64_t metadata_journal = 0;   // changes of Kafka's nodes, for streams of events
};

MemoryPlan PlanMemory(uint64_t budget_bytes);

// The options of the store, the service and the log's engine that follow from it.
void ApplyMemoryPlan(const MemoryPlan& plan, NodeOptions* options);

}  // namespace rookery
