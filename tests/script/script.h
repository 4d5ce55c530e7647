// A script as a file: its lines, cut into requests and what they led to. README.md has the grammar.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rookery::script {

struct Step {
  std::vector<std::string> before;   // comments and empty lines, as they stand
  std::vector<std::string> request;  // the request and the parts of its multi; empty: only the end
  std::vector<std::string> answers;  // without indentation
  int line = 0;                      // of the request, from 1
};

std::vector<Step> ParseScript(absl::string_view text);
std::string ScriptText(const std::vector<Step>& steps);

}  // namespace rookery::script
