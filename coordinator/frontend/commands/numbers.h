// How ZooKeeper writes what it tells of itself. Private to this module.
#pragma once

#include <string>

#include "coordinator/frontend/commands/facts.h"

namespace rookery::frontend {

// "leader", "follower", "observer", "standalone".
std::string ModeOf(const service::EnsembleStatus& status);
// "3.9.5-rookery-0.1.0, built on ...": the ZooKeeper whose protocol is spoken, and our version.
std::string VersionText(const service::EnsembleStatus& status);
// At most four decimals, at least one: "0.0", "12.25".
std::string Decimal(double value);
// Integers without decimals, others as Decimal().
std::string Number(double value);
// Reads and updates together.
struct Latency {
  int64_t min_ms = 0;
  double avg_ms = 0;
  int64_t max_ms = 0;
};
Latency LatencyOf(const service::Statistics& statistics);
// " /127.0.0.1:4711[1](queued=0,recved=1,sent=1...)".
std::string BriefLine(const ClientLine& client);
std::string FullLine(const ClientLine& client);
// ZooKeeper counts the root twice.
inline uint64_t NodeCount(const service::Statistics& statistics) { return statistics.nodes + 1; }

}  // namespace rookery::frontend
