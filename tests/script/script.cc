#include "tests/script/script.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rookery::script {
namespace {

constexpr absl::string_view kIndent = "  ";

}  // namespace

std::vector<Step> ParseScript(absl::string_view text) {
  std::vector<Step> steps;
  std::vector<std::string> before;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    ++number;
    const bool continues = !steps.empty() && before.empty();
    if (continues && absl::StartsWith(line, kIndent)) {
      steps.back().answers.emplace_back(line.substr(kIndent.size()));
    } else if (continues && absl::StartsWith(line, "+ ")) {
      steps.back().request.emplace_back(line);
    } else if (line.empty() || line[0] == '#') {
      before.emplace_back(line);
    } else {
      steps.push_back(
          {.before = std::move(before), .request = {std::string(line)}, .line = number});
      before.clear();
    }
  }
  if (!before.empty()) steps.push_back({.before = std::move(before), .line = number});
  return steps;
}

std::string ScriptText(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) {
    for (const std::string& line : step.before) absl::StrAppend(&text, line, "\n");
    for (const std::string& line : step.request) absl::StrAppend(&text, line, "\n");
    for (const std::string& line : step.answers) absl::StrAppend(&text, kIndent, line, "\n");
  }
  return text;
}

}  // namespace rookery::script
