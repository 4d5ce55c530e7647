// A scenario: a cluster, what is done to it and when, and what must come of it. docs/broker-sim.md
// explains the files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "broker-sim/cluster/cluster_spec.h"
#include "broker-sim/cluster/command.h"

namespace rookery::broker_sim {

// An event that must follow a step.
struct Expectation {
  std::string event;
  int64_t within_us = 0;
  int count = 1;  // so many of them
};

struct Step {
  int64_t at_us = 0;  // from the moment at which the cluster was ready
  Command command;
  std::vector<Expectation> expectations;
};

struct Scenario {
  std::string file;
  std::string name;
  std::string description;
  int servers = 3;  // of an ensemble of its own
  ClusterSpec cluster;
  std::vector<Step> steps;
  int64_t duration_us = 0;         // then everything is healed
  int64_t heal_within_us = 0;      // until every partition is led and in sync again
  std::vector<std::string> never;  // events that must not come

  bool needs_own_ensemble() const;
};

// NotFound: no such file. InvalidArgument: "FILE:LINE: KEY: expected ..., found ...".
absl::StatusOr<Scenario> LoadScenario(const std::string& file);
// The same from text; `file` is for messages.
absl::StatusOr<Scenario> ParseScenario(const std::string& text, const std::string& file);

}  // namespace rookery::broker_sim
