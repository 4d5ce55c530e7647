// The events that a scenario may wait for, and who tells them.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"

namespace rookery::broker_sim {

struct EventName {
  absl::string_view name;
  absl::string_view meaning;
};

const std::vector<EventName>& EventNames();
bool IsEventName(absl::string_view name);

// The word among `known` that `word` was probably meant to be; "" if none is near.
std::string Nearest(absl::string_view word, const std::vector<std::string>& known);

}  // namespace rookery::broker_sim
