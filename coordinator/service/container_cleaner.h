// When the leader looks for containers that nobody needs any more, and how fast it deletes them
// (zookeeper-protocol 2.6). I/O-free; what it names is checked once more where it is applied.
#pragma once

#include <cstdint>
#include <deque>

#include "coordinator/machine/machine.h"
#include "coordinator/wire/log_entry.h"

namespace rookery::service {

struct ContainerCleaning {
  int64_t check_interval_us = 60'000'000;
  int64_t per_minute_max = 10'000;  // deletions
  // A container that never had a child goes when it was last written this long ago; 0: never.
  int64_t never_used_ms = 0;
};

class ContainerCleaner {
 public:
  // `machine` outlives the cleaner.
  ContainerCleaner(ContainerCleaning options, const machine::Machine* machine)
      : options_(options), machine_(machine) {}

  // This server leads from now on: the first look comes an interval later.
  void Begin(int64_t now_us);
  // What is to be proposed now, mostly nothing. What gets lost is found by a later look.
  wire::DeleteContainers Tick(int64_t now_us, int64_t wall_ms);

 private:
  void Look(int64_t wall_ms);

  const ContainerCleaning options_;
  const machine::Machine* const machine_;
  int64_t next_look_us_ = 0;
  int64_t next_deletion_us_ = 0;
  std::deque<machine::EmptyContainer> found_;
};

}  // namespace rookery::service
