#include "coordinator/main/config/sasl_users.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/main/config/properties.h"

namespace rookery::config {
namespace {

constexpr absl::string_view kModule = "org.apache.zookeeper.server.auth.DigestLoginModule";

absl::Status At(int line, absl::string_view message) {
  return absl::InvalidArgumentError(absl::StrCat(line, ": ", message));
}

// The words of a JAAS file: names, quoted texts, and { } ; = alone. Comments are those of Java.
class JaasWords {
 public:
  explicit JaasWords(absl::string_view text) : text_(text) { Advance(); }

  // What stands here; "" at the end of the file.
  const std::string& word() const { return word_; }
  bool quoted() const { return quoted_; }
  bool at_end() const { return word_.empty() && !quoted_; }
  int line() const { return line_; }
  const absl::Status& status() const { return status_; }

  std::string Take() {
    std::string taken = std::move(word_);
    Advance();
    return taken;
  }
  bool TakeIf(absl::string_view symbol) {
    if (quoted_ || word_ != symbol) return false;
    Advance();
    return true;
  }

 private:
  static bool IsSymbol(char c) { return c == '{' || c == '}' || c == ';' || c == '='; }

  void Advance() {
    word_.clear();
    quoted_ = false;
    SkipBlanks();
    if (text_.empty()) return;
    const char first = text_.front();
    if (first == '"') return TakeQuoted();
    if (IsSymbol(first)) {
      word_ = first;
      text_.remove_prefix(1);
      return;
    }
    while (!text_.empty() && !IsSymbol(text_.front()) && text_.front() != '"' &&
           !absl::ascii_isspace(text_.front())) {
      word_.push_back(text_.front());
      text_.remove_prefix(1);
    }
  }

  void TakeQuoted() {
    quoted_ = true;
    const int began = line_;
    for (text_.remove_prefix(1); !text_.empty(); text_.remove_prefix(1)) {
      char c = text_.front();
      if (c == '"') {
        text_.remove_prefix(1);
        return;
      }
      if (c == '\\' && text_.size() > 1) {
        text_.remove_prefix(1);
        c = text_.front();
      }
      if (c == '\n') ++line_;
      word_.push_back(c);
    }
    if (status_.ok()) status_ = At(began, "expected a closing quote, found the end of the file");
  }

  void SkipBlanks() {
    while (!text_.empty()) {
      if (absl::ascii_isspace(text_.front())) {
        if (text_.front() == '\n') ++line_;
        text_.remove_prefix(1);
      } else if (absl::StartsWith(text_, "//") || text_.front() == '#') {
        text_.remove_prefix(std::min(text_.find('\n'), text_.size()));
      } else if (absl::StartsWith(text_, "/*")) {
        const size_t end = std::min(text_.find("*/", 2), text_.size());
        for (const char c : text_.substr(0, end)) line_ += c == '\n' ? 1 : 0;
        text_.remove_prefix(std::min(end + 2, text_.size()));
      } else {
        return;
      }
    }
  }

  absl::string_view text_;
  std::string word_;
  bool quoted_ = false;
  int line_ = 1;
  absl::Status status_;
};

absl::Status Expected(const JaasWords& words, absl::string_view what) {
  if (!words.status().ok()) return words.status();
  return At(words.line(), absl::StrCat("expected ", what, ", found ",
                                       words.at_end() ? "the end of the file"
                                                      : absl::StrCat("'", words.word(), "'")));
}

// "module flag key=value key=value ;" within a section; users of our module go to `users`.
absl::Status TakeModule(JaasWords* words, bool wanted, SaslUsers* users) {
  if (wanted && words->word() != kModule) {
    return Expected(*words, absl::StrCat("the module ", kModule));
  }
  words->Take();
  words->Take();  // required, sufficient, ...: with one module they say the same
  while (!words->TakeIf(";")) {
    if (words->at_end() || words->quoted() || words->word() == "}" || words->word() == "{") {
      return Expected(*words, "key=\"value\" or ;");
    }
    const int line = words->line();
    std::string key = words->Take();
    if (!words->TakeIf("=")) return Expected(*words, "=");
    if (words->at_end()) return Expected(*words, "a value");
    std::string value = words->Take();
    absl::string_view user = key;
    if (!wanted || !absl::ConsumePrefix(&user, "user_")) continue;
    if (user.empty()) return At(line, "expected user_NAME=\"password\", found no name");
    (*users)[std::string(user)] = std::move(value);
  }
  return words->status();
}

}  // namespace

absl::StatusOr<SaslUsers> ParseUsersFile(absl::string_view text) {
  SaslUsers users;
  for (const Property& property : ParseProperties(text)) {
    if (property.key.empty() || property.value.empty()) {
      return At(property.line, absl::StrCat("expected user=password, found '", property.key, "'"));
    }
    if (!users.emplace(property.key, property.value).second) {
      return At(property.line, absl::StrCat("the user ", property.key, " stands twice"));
    }
  }
  return users;
}

absl::StatusOr<SaslUsers> ParseJaasUsers(absl::string_view text, absl::string_view section) {
  SaslUsers users;
  bool found = false;
  JaasWords words(text);
  while (!words.at_end()) {
    const bool wanted = words.Take() == section;
    found |= wanted;
    if (!words.TakeIf("{")) return Expected(words, "{");
    while (!words.TakeIf("}")) {
      if (words.at_end()) return Expected(words, "}");
      ROOKERY_RETURN_IF_ERROR(TakeModule(&words, wanted, &users));
    }
    words.TakeIf(";");
  }
  ROOKERY_RETURN_IF_ERROR(words.status());
  if (!found) return At(words.line(), absl::StrCat("expected a section ", section, ", found none"));
  return users;
}

}  // namespace rookery::config
