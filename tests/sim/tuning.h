// How the servers of one run are set up: drawn from its seed, and tiny in most runs, so that layers
// merge, flushes overtake loads, logs are trimmed and checkpoints travel.
#pragma once

#include <cstdint>
#include <string>

#include "coordinator/base/random.h"
#include "coordinator/consensus/raft/raft_consensus.h"
#include "coordinator/service/options.h"
#include "coordinator/store/store_options.h"

namespace rookery::sim {

struct Tuning {
  store::StoreOptions store;
  service::Options service;
  consensus::RaftOptions raft;
  int64_t rescan_period_us = 0;
  int64_t compaction_us = 0;   // of the simulated base
  int64_t disk_work_us = 0;    // what a piece of work takes, at least
  int64_t disk_jitter_us = 0;  // and at most on top
  int64_t latency_least_us = 0, latency_most_us = 0;
  bool preload = true;
  // What a cold read takes on top.
  int64_t read_us = 0;
  // Of the time of a piece of disk work at most so much lies behind what it does.
  int64_t late_most_us = 0;
  // Nodes that are mostly cold (clients/script.h), and calls without a session
  // (clients/visitors.h): how often, and whether they come when a checkpoint has come in.
  uint32_t library_nodes = 0;
  int64_t visits_us = 0;
  bool crowds = false;
  bool containers = false;  // clients make some
};

Tuning DrawTuning(Random* random);
// session.disconnectGraceMs, in about every third run. Drawn apart from the rest, so that what
// older seeds are known for stays what it was.
int64_t DrawGraceUs(uint64_t seed);
// Between the leader's looks at containers, in about every third run, in which clients make some;
// 0: none does. Drawn apart too.
int64_t DrawContainerCheckUs(uint64_t seed);
// One line.
std::string ToText(const Tuning& tuning);

}  // namespace rookery::sim
