// How much the node layer may hold and when it writes.
#pragma once

#include <cstdint>

namespace rookery::store {

struct StoreOptions {
  // Decoded nodes, absences and lists of children, changed and clean together. Clean ones are
  // evicted down to what the changed ones leave, but to no less than an eighth of this.
  uint64_t memory_budget_bytes = 256 << 20;

  // Of that, for knowing which paths are absent (2 bytes per node and some room), so that creating
  // nodes needs no look into the base; above it, it is done without. 0: without.
  uint64_t absence_filter_bytes_max = 32 << 20;

  // A flush is due when the changes take this much of memory,
  uint64_t flush_bytes = 32 << 20;
  // or a restart would replay this much of the log (about a second at 250,000 small writes a
  // second),
  uint64_t flush_log_bytes = 32 << 20;
  // or the oldest change is this old.
  int64_t flush_interval_ms = 10'000;

  // Above this many bytes that are changed and not yet in the base, writers are slowed.
  uint64_t unflushed_bytes_max = 128 << 20;
  // Frozen layers that stand; what is frozen beyond them joins the newest.
  uint32_t frozen_layers_max = 8;

  // From here on the base lags behind with its housekeeping and flushes come half as often ...
  uint64_t level0_files_slow = 16;
  uint64_t compaction_debt_slow_bytes = uint64_t{1} << 30;
  // ... and from here on writers are slowed.
  uint64_t level0_files_max = 40;
  uint64_t compaction_debt_max_bytes = uint64_t{8} << 30;

  // Seed of the hash table: random in production (clients choose paths), fixed in the simulator.
  uint64_t hash_seed = 0;
};

}  // namespace rookery::store
