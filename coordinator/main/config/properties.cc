#include "coordinator/main/config/properties.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rookery::config {
namespace {

// An odd number of backslashes at the end joins the next line.
bool Continues(absl::string_view line) {
  size_t slashes = 0;
  while (slashes < line.size() && line[line.size() - 1 - slashes] == '\\') ++slashes;
  return slashes % 2 == 1;
}

std::string Unescape(absl::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain.push_back(text[i]);
      continue;
    }
    const char next = text[++i];
    plain.push_back(next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next);
  }
  return plain;
}

Property Cut(absl::string_view line, int number) {
  size_t end = 0;
  while (end < line.size() && !absl::ascii_isspace(line[end]) && line[end] != '=' &&
         line[end] != ':') {
    end += line[end] == '\\' ? 2 : 1;
  }
  end = std::min(end, line.size());
  absl::string_view rest = absl::StripLeadingAsciiWhitespace(line.substr(end));
  if (!rest.empty() && (rest[0] == '=' || rest[0] == ':')) rest.remove_prefix(1);
  return {Unescape(line.substr(0, end)), Unescape(absl::StripAsciiWhitespace(rest)), number};
}

}  // namespace

std::vector<Property> ParseProperties(absl::string_view text) {
  std::vector<Property> properties;
  std::string logical;
  int first = 0;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripLeadingAsciiWhitespace(absl::StripSuffix(line, "\r"));
    if (logical.empty()) {
      if (line.empty() || line[0] == '#' || line[0] == '!') continue;
      first = number;
    }
    if (Continues(line)) {
      logical.append(line.data(), line.size() - 1);
      continue;
    }
    logical.append(line.data(), line.size());
    if (!logical.empty()) properties.push_back(Cut(logical, first));
    logical.clear();
  }
  if (!logical.empty()) properties.push_back(Cut(logical, first));
  return properties;
}

}  // namespace rookery::config
