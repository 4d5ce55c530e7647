// The durable logs of all members, replayed step by step. Private to this folder.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "tests/sim/history/history.h"

namespace rookery::sim {

struct LogEntry {
  uint64_t term = 0;
  uint64_t hash = 0;
  bool operator==(const LogEntry&) const = default;
};

// What one member's disk holds.
struct MemberLog {
  uint32_t server = 0;
  uint64_t position = 0;  // a state stands for everything up to here
  uint64_t position_term = 0;
  std::map<uint64_t, LogEntry> entries;
  // What was durable here until the disk was damaged or went as a whole, as one may.
  uint64_t gone_position = 0;
  std::map<uint64_t, LogEntry> gone;

  uint64_t last_index() const { return entries.empty() ? position : entries.rbegin()->first; }
  bool Holds(uint64_t index, uint64_t term) const {
    if (index <= position) return true;
    const auto at = entries.find(index);
    return at != entries.end() && at->second.term == term;
  }
  // Or held it until its disk lost it: it may have said so before, and whom it told may hear it
  // late.
  bool Held(uint64_t index, uint64_t term) const {
    if (Holds(index, term) || index <= gone_position) return true;
    const auto at = gone.find(index);
    return at != gone.end() && at->second.term == term;
  }
};

class Logs {
 public:
  void Take(const LogStep& step) {
    MemberLog& log = by_engine_[step.engine];
    log.server = step.server;
    switch (step.kind) {
      case LogStep::Kind::kEntry:
        log.entries.erase(log.entries.lower_bound(step.index), log.entries.end());
        log.entries[step.index] = {step.term, step.hash};
        break;
      case LogStep::Kind::kReplaced:
        log.entries.clear();
        log.position = step.index;
        log.position_term = step.term;
        break;
      case LogStep::Kind::kLost: {
        const auto from = log.entries.lower_bound(step.index);
        for (auto at = from; at != log.entries.end(); ++at) log.gone[at->first] = at->second;
        log.entries.erase(from, log.entries.end());
        if (step.index <= log.position) {
          log.gone_position = std::max(log.gone_position, log.position);
          log.position = log.position_term = 0;
        }
        break;
      }
    }
  }
  const std::map<model::ServerId, MemberLog>& members() const { return by_engine_; }
  const MemberLog& Of(model::ServerId engine) { return by_engine_[engine]; }

 private:
  std::map<model::ServerId, MemberLog> by_engine_;
};

}  // namespace rookery::sim
