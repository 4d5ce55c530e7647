// When to flush, and when writers must wait for it.
#pragma once

#include <cstdint>

#include "coordinator/store/base.h"
#include "coordinator/store/store_options.h"

namespace rookery::store {

class FlushPlanner {
 public:
  explicit FlushPlanner(const StoreOptions& options) : options_(options) {}

  struct Pressure {
    uint64_t active_bytes = 0;
    uint64_t frozen_bytes = 0;
    uint64_t log_bytes = 0;        // applied since the last flush began
    int64_t oldest_change_us = 0;  // age of the oldest active change
  };

  // True when a flush should begin. A base that lags behind gets half as many.
  bool Due(const Pressure& pressure, const Base::Health& health) const {
    const uint64_t patience = Lags(health) ? 2 : 1;
    return pressure.active_bytes >= patience * options_.flush_bytes ||
           pressure.log_bytes >= patience * options_.flush_log_bytes ||
           pressure.oldest_change_us >=
               static_cast<int64_t>(patience) * options_.flush_interval_ms * 1000;
  }

  // True while writers must be slowed.
  bool Overloaded(const Pressure& pressure, const Base::Health& health) const {
    return pressure.active_bytes + pressure.frozen_bytes >= options_.unflushed_bytes_max ||
           health.level0_files >= options_.level0_files_max ||
           health.compaction_debt_bytes >= options_.compaction_debt_max_bytes;
  }

  bool Lags(const Base::Health& health) const {
    return health.level0_files >= options_.level0_files_slow ||
           health.compaction_debt_bytes >= options_.compaction_debt_slow_bytes;
  }

 private:
  const StoreOptions options_;
};

}  // namespace rookery::store
