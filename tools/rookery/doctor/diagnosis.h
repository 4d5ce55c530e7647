// Findings about a cluster's metadata: pure functions of one copy of it.
#pragma once

#include <string>
#include <vector>

#include "tools/rookery/metadata/cluster.h"

namespace rookery::tools::doctor {

enum class Severity {
  kBroken,  // clients are refused, or data may be lost
  kAtRisk,  // one more failure and they are
  kUntidy,  // left over, or uneven
};

struct Finding {
  Severity severity = Severity::kUntidy;
  std::string name;                   // "leaderless", for programs
  std::string explanation;            // one sentence: what it means for users
  std::vector<std::string> subjects;  // partitions, topics, brokers or nodes
  std::string remedy;                 // the command that mends it, or what to do first
};

// The worst first; none: nothing was found.
std::vector<Finding> Diagnose(const metadata::Cluster& cluster);

}  // namespace rookery::tools::doctor
