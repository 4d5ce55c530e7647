// Lines from a terminal, with history and completion.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rookery::tools::shell {

class LineEditor {
 public:
  // What may stand instead of the last word of a line.
  using Complete =
      std::function<std::vector<std::string>(const std::string& word, bool first_word)>;

  // One at a time. An empty `history_file` keeps no history.
  LineEditor(std::string history_file, Complete complete);
  ~LineEditor();
  // Nullopt at the end of the input.
  std::optional<std::string> ReadLine(const std::string& prompt);

 private:
  std::string history_file_;
};

}  // namespace rookery::tools::shell
