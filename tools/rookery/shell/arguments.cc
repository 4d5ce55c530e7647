#include "tools/rookery/shell/arguments.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rookery::tools::shell {

absl::StatusOr<std::vector<std::string>> SplitWords(absl::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
      word += line[++i];
      in_word = true;
    } else if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;  // also if nothing stands between the quotes
    } else if (absl::ascii_isspace(static_cast<unsigned char>(c))) {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (quote != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("the quote ", std::string(1, quote), " is not closed"));
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

absl::StatusOr<Arguments> Arguments::Parse(const Grammar& grammar,
                                           const std::vector<std::string>& words) {
  Arguments arguments;
  bool options_end = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (options_end || word.size() != 2 || word[0] != '-' ||
        absl::ascii_isdigit(static_cast<unsigned char>(word[1]))) {
      if (!options_end && word.size() > 2 && word[0] == '-' &&
          absl::ascii_isalpha(static_cast<unsigned char>(word[1]))) {
        return absl::InvalidArgumentError(
            absl::StrCat("unknown option ", word, "; put -- in front if it is meant as a word"));
      }
      arguments.words_.push_back(word);
    } else if (word == "--") {
      options_end = true;
    } else if (grammar.flags.find(word[1]) != std::string::npos) {
      arguments.flags_.insert(word[1]);
    } else if (grammar.options.find(word[1]) != std::string::npos) {
      if (i + 1 == words.size()) {
        return absl::InvalidArgumentError(absl::StrCat(word, " wants a value"));
      }
      arguments.options_[word[1]] = words[++i];
    } else {
      return absl::InvalidArgumentError(absl::StrCat("unknown option ", word));
    }
  }
  if (arguments.size() < grammar.words_min) return absl::InvalidArgumentError("too few words");
  if (arguments.size() > grammar.words_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("too many words, from ", arguments.word(grammar.words_max), " on"));
  }
  return arguments;
}

absl::StatusOr<std::optional<int32_t>> Arguments::Number(char option) const {
  const auto found = options_.find(option);
  if (found == options_.end()) return std::optional<int32_t>();
  int32_t number = 0;
  if (!absl::SimpleAtoi(found->second, &number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("-", std::string(1, option), " wants a number, found ", found->second));
  }
  return std::optional<int32_t>(number);
}

}  // namespace rookery::tools::shell
