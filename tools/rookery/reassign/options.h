// The command line of `rookery reassign`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rookery::tools::reassign {

struct Options {
  bool execute = false, verify = false, list = false, cancel = false, json = false;
  bool additional = false, preserve_throttles = false;
  std::string plan;
  std::vector<int32_t> brokers;
  std::string file;
  std::optional<int64_t> throttle;  // bytes a second
  std::optional<int64_t> log_dirs_throttle;
};

}  // namespace rookery::tools::reassign
