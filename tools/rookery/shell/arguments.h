// The words of a command, sorted into flags, options and the rest.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::tools::shell {

// Splits a line into words. '...' and "..." hold blanks together; in double quotes and outside of
// quotes a backslash takes the next character as it is. InvalidArgument: a quote is not closed.
absl::StatusOr<std::vector<std::string>> SplitWords(absl::string_view line);

// What a command takes: "-s" is a flag, "-v" an option with a value.
struct Grammar {
  std::string flags;    // one letter each: "swR"
  std::string options;  // likewise, each with a value: "v"
  size_t words_min = 0;
  size_t words_max = 0;
};

class Arguments {
 public:
  // Flags and options may stand anywhere; "--" ends them, and a word like "-1" is none.
  // InvalidArgument says which word is wrong, or how many are missing.
  static absl::StatusOr<Arguments> Parse(const Grammar& grammar,
                                         const std::vector<std::string>& words);

  bool Has(char flag) const { return flags_.contains(flag); }
  // Nullopt if the option was not given; InvalidArgument if its value is not a number of 32 bits.
  absl::StatusOr<std::optional<int32_t>> Number(char option) const;
  size_t size() const { return words_.size(); }
  const std::string& word(size_t i) const { return words_[i]; }
  std::optional<std::string> WordOrNone(size_t i) const {
    if (i >= words_.size()) return std::nullopt;
    return words_[i];
  }

 private:
  std::set<char> flags_;
  std::map<char, std::string> options_;
  std::vector<std::string> words_;
};

}  // namespace rookery::tools::shell
