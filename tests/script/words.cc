#include "tests/script/words.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace rookery::script {

absl::StatusOr<std::vector<Word>> SplitWords(absl::string_view line) {
  std::vector<Word> words;
  size_t at = 0;
  while ((at = line.find_first_not_of(' ', at)) != absl::string_view::npos) {
    if (line[at] != '"') {
      const size_t end = std::min(line.find(' ', at), line.size());
      words.push_back({std::string(line.substr(at, end - at)), false});
      at = end;
      continue;
    }
    size_t end = at + 1;
    while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
    Word word{.quoted = true};
    if (end >= line.size() || !absl::CUnescape(line.substr(at + 1, end - at - 1), &word.text)) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected a text in quotes, found: ", line.substr(at)));
    }
    words.push_back(std::move(word));
    at = end + 1;
  }
  return words;
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(text), "\"");
}

std::string PathText(absl::string_view path) {
  const bool plain = !path.empty() && std::all_of(path.begin(), path.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '\\';
  });
  return plain ? std::string(path) : Quoted(path);
}

}  // namespace rookery::script
