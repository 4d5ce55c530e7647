// What happened, as the simulation tells it to people and to machines.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rookery::broker_sim {

struct TimelineEvent {
  std::string name;  // "controller_elected", ...; what is done to the cluster begins with "fault_"
  int32_t broker = -1;  // who tells it; -1: the simulation itself
  std::string text;     // for people
  // For machines, beside the above.
  std::vector<std::pair<std::string, int64_t>> numbers;
  std::vector<std::pair<std::string, std::string>> words;
};

inline constexpr absl::string_view kFaultPrefix = "fault_";

class Timeline {
 public:
  virtual ~Timeline() = default;
  virtual void Tell(TimelineEvent event) = 0;
};

}  // namespace rookery::broker_sim
