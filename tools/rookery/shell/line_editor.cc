#include "tools/rookery/shell/line_editor.h"

#include <editline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utility>

namespace rookery::tools::shell {
namespace {

constexpr int kHistoryLines = 1000;

// The library calls plain functions.
LineEditor::Complete complete;
std::vector<std::string> candidates;

char* NextCandidate(const char*, int state) {
  if (state < 0 || static_cast<size_t>(state) >= candidates.size()) return nullptr;
  return strdup(candidates[state].c_str());
}

char** OnComplete(const char* text, int start, int) {
  rl_attempted_completion_over = 1;  // no file names
  candidates = complete(text, start == 0);
  if (candidates.empty()) return nullptr;
  return rl_completion_matches(text, NextCandidate);
}

}  // namespace

LineEditor::LineEditor(std::string history_file, Complete complete_word)
    : history_file_(std::move(history_file)) {
  complete = std::move(complete_word);
  rl_readline_name = const_cast<char*>("rookery");
  rl_attempted_completion_function = OnComplete;
  rl_completion_append_character = '\0';
  using_history();
  stifle_history(kHistoryLines);
  if (!history_file_.empty()) read_history(history_file_.c_str());
}

LineEditor::~LineEditor() {
  if (!history_file_.empty()) write_history(history_file_.c_str());
  complete = nullptr;
}

std::optional<std::string> LineEditor::ReadLine(const std::string& prompt) {
  char* line = readline(prompt.c_str());
  if (line == nullptr) return std::nullopt;
  std::string text(line);
  free(line);
  // Passwords stay out of the file.
  if (!text.empty() && text.find("addauth") == std::string::npos) add_history(text.c_str());
  return text;
}

}  // namespace rookery::tools::shell
