// Names of sequential nodes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace rookery::broker_sim {

// The number at the end of "config_change_0000000042", -1 if there is none.
inline int64_t SequenceOf(absl::string_view name) {
  constexpr size_t kDigits = 10;
  int64_t number = -1;
  if (name.size() < kDigits || !absl::SimpleAtoi(name.substr(name.size() - kDigits), &number)) {
    return -1;
  }
  return number;
}

}  // namespace rookery::broker_sim
