// Everything a report shows of one run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "broker-sim/timeline/recorded_timeline.h"
#include "broker-sim/timeline/states.h"

namespace rookery::broker_sim {

// How things stood at a moment.
struct Sample {
  int64_t at_us = 0;
  std::map<int32_t, BrokerState> brokers;
  std::vector<ServerState> servers;  // of an own ensemble
  int32_t controller = -1;
  int leaderless = 0;
  int under_replicated = 0;
  int64_t acknowledged = 0;  // records, since the beginning
  int64_t throttled_ms = 0;  // told to clients, since the beginning
};

// One thing that had to hold.
struct Check {
  std::string name;
  bool held = false;
  std::string detail;
};

struct StepDone {
  int64_t at_us = 0;
  std::string command;
};

struct Recording {
  std::string scenario, description, file;
  std::string protocol;
  std::string servers;  // connect string
  int64_t began_wall_ms = 0;
  int64_t ready_us = 0;   // when the steps' clock began
  int64_t healed_us = 0;  // when everything was put right
  int64_t duration_us = 0;
  std::vector<StepDone> steps;
  std::vector<Sample> samples;
  std::vector<RecordedEvent> events;
  std::vector<Check> checks;

  bool passed() const {
    for (const Check& check : checks) {
      if (!check.held) return false;
    }
    return true;
  }
  // The first check that did not hold.
  std::string reason() const {
    for (const Check& check : checks) {
      if (!check.held) return check.name + ": " + check.detail;
    }
    return "";
  }
};

std::string ToJson(const Recording& recording);
std::string ToSvg(const Recording& recording);

}  // namespace rookery::broker_sim
