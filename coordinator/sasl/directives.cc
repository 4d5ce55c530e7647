#include "coordinator/sasl/directives.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery::sasl {
namespace {

absl::Status Malformed(absl::string_view what) {
  return absl::UnauthenticatedError(absl::StrCat("DIGEST-MD5: malformed token: ", what));
}

bool IsNameByte(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-'; }

bool IsWordByte(char c) {
  return c != ',' && c != '"' && c != '=' && !absl::ascii_isspace(static_cast<unsigned char>(c));
}

// Takes bytes from the front while `wanted` holds.
template <typename Wanted>
std::string TakeWhile(absl::string_view* rest, Wanted wanted) {
  const auto end = std::find_if_not(rest->begin(), rest->end(), wanted);
  std::string taken(rest->begin(), end);
  rest->remove_prefix(taken.size());
  return taken;
}

// `rest` begins behind the opening quote.
absl::StatusOr<std::string> TakeQuoted(absl::string_view* rest) {
  std::string text;
  while (!rest->empty()) {
    char c = rest->front();
    rest->remove_prefix(1);
    if (c == '"') return text;
    if (c == '\\') {
      if (rest->empty()) break;
      c = rest->front();
      rest->remove_prefix(1);
    }
    text.push_back(c);
  }
  return Malformed("a quote is not closed");
}

}  // namespace

absl::StatusOr<Directives> ReadDirectives(absl::string_view token) {
  // The library takes a token for a C string.
  if (token.find('\0') != absl::string_view::npos) return Malformed("a zero byte");
  Directives directives;
  absl::string_view rest = absl::StripAsciiWhitespace(token);
  while (true) {
    const std::string name = absl::AsciiStrToLower(TakeWhile(&rest, IsNameByte));
    if (name.empty()) return Malformed("a name is missing");
    rest = absl::StripLeadingAsciiWhitespace(rest);
    if (rest.empty() || rest.front() != '=') return Malformed("a value is missing");
    rest = absl::StripLeadingAsciiWhitespace(rest.substr(1));
    std::string value;
    if (!rest.empty() && rest.front() == '"') {
      rest.remove_prefix(1);
      ROOKERY_ASSIGN_OR_RETURN(value, TakeQuoted(&rest));
    } else {
      value = TakeWhile(&rest, IsWordByte);
      if (value.empty()) return Malformed("a value is missing");
    }
    if (!directives.emplace(name, std::move(value)).second) return Malformed("a name stands twice");
    rest = absl::StripLeadingAsciiWhitespace(rest);
    if (rest.empty()) return directives;
    if (rest.front() != ',') return Malformed("a comma is missing");
    rest = absl::StripLeadingAsciiWhitespace(rest.substr(1));
  }
}

}  // namespace rookery::sasl
