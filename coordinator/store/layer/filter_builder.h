// Fills memory's absence filter from the base: at the start, after an installation, and when too
// many of the paths in it are gone. It reads a snapshot in small slices, with pauses, so that
// flushes and the first seconds of a server do not wait for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "coordinator/base/executor.h"
#include "coordinator/store/base.h"
#include "coordinator/store/layer/node_memory.h"

namespace rookery::store {

// Core executor only. The executors outlive it.
class FilterBuilder {
 public:
  // `bytes_max`: of the filter; 0: there is to be none.
  FilterBuilder(Executor* core, BackgroundExecutor* background, uint64_t hash_seed,
                uint64_t bytes_max);
  ~FilterBuilder();

  // Begins anew, in two steps: from Prepare on, the new filter hears of every change of memory;
  // Scan is given a snapshot that holds every node from before. Between them a flush may run.
  void Prepare(std::shared_ptr<NodeMemory> memory);
  void Scan(std::shared_ptr<const Base::Snapshot> snapshot);

  // True when the next flush should begin a new one: most of the paths are gone, or there is no
  // filter although it would fit.
  bool Due() const;
  // Drops filters that have become too big. To be called from time to time.
  void CheckSize();

 private:
  void ReadSlice(size_t keys_max);
  void OnSlice(const std::vector<uint64_t>& hashes, std::string next_key);
  void Stop();

  Executor* const core_;
  BackgroundExecutor* const background_;
  const uint64_t hash_seed_;
  const uint64_t bytes_max_;
  std::shared_ptr<NodeMemory> memory_;
  bool building_ = false;
  std::shared_ptr<const Base::Snapshot> snapshot_;
  std::string next_key_;
  uint64_t round_ = 0;  // slices of earlier ones are void
  uint64_t scanned_ = 0;
  bool started_ = false;  // the server has passed its first seconds
  TimerId timer_ = 0;
  std::shared_ptr<FilterBuilder*> self_;  // tasks hold it weakly
};

}  // namespace rookery::store
