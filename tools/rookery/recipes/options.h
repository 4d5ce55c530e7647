// Options that several of these commands take.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "coordinator/client/recipes/contention/line.h"

namespace rookery::tools::recipes {

inline void AddSessionTimeout(CLI::App& app, int* session_timeout_ms) {
  app.add_option("--session-timeout-ms", *session_timeout_ms,
                 "how long a process that died is believed in")
      ->check(CLI::Range(100, 3'600'000))
      ->capture_default_str();
}

inline void AddStyle(CLI::App& app, std::string* style) {
  app.add_option("--names", *style, "whose clients stand in the same line")
      ->check(CLI::IsMember({"curator", "kazoo"}))
      ->capture_default_str();
}

inline client::recipes::NameStyle StyleOf(const std::string& style) {
  return style == "kazoo" ? client::recipes::NameStyle::kKazoo
                          : client::recipes::NameStyle::kCurator;
}

// The words behind "--".
inline CLI::Option* AddCommand(CLI::App& app, std::vector<std::string>* command) {
  return app.add_option("command", *command, "-- COMMAND [ARGUMENT...]")->type_name("");
}

}  // namespace rookery::tools::recipes
