// Values of configurations, read as ConfigDef of Kafka does and Java's own parsers of numbers.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "coordinator/kafka/config_keys.h"

namespace rookery::kafka {
namespace {

using Words = std::vector<absl::string_view>;

// True for [digits], at least one; takes them off.
bool ConsumeDigits(absl::string_view* text) {
  const size_t before = text->size();
  while (!text->empty() && absl::ascii_isdigit(text->front())) text->remove_prefix(1);
  return text->size() < before;
}

bool ConsumeSign(absl::string_view* text) {
  return absl::ConsumePrefix(text, "+") || absl::ConsumePrefix(text, "-");
}

// Java's Long.parseLong, for the range of each whole type.
bool IsWhole(absl::string_view text, int64_t least, int64_t most) {
  absl::string_view rest = text;
  ConsumeSign(&rest);
  if (!ConsumeDigits(&rest) || !rest.empty()) return false;
  absl::ConsumePrefix(&text, "+");
  int64_t value = 0;
  return absl::SimpleAtoi(text, &value) && value >= least && value <= most;
}

// Java's Double.parseDouble but for hexadecimal numbers.
std::optional<double> ParseReal(absl::string_view text) {
  absl::string_view rest = text;
  const bool negative = absl::StartsWith(text, "-");
  ConsumeSign(&rest);
  if (rest == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (rest == "Infinity") {
    const double infinity = std::numeric_limits<double>::infinity();
    return negative ? -infinity : infinity;
  }
  if (!rest.empty() && absl::StrContains("dDfF", rest.back())) {
    rest.remove_suffix(1);
    text.remove_suffix(1);
  }
  const bool whole = ConsumeDigits(&rest);
  const bool part = absl::ConsumePrefix(&rest, ".") && ConsumeDigits(&rest);
  if (!whole && !part) return std::nullopt;
  if (absl::ConsumePrefix(&rest, "e") || absl::ConsumePrefix(&rest, "E")) {
    ConsumeSign(&rest);
    if (!ConsumeDigits(&rest)) return std::nullopt;
  }
  if (!rest.empty()) return std::nullopt;
  double value = 0;
  if (!absl::SimpleAtod(text, &value)) return std::nullopt;
  return value;
}

absl::string_view TypeName(ConfigType type) {
  switch (type) {
    case ConfigType::kInt:
      return "INT";
    case ConfigType::kShort:
      return "SHORT";
    case ConfigType::kLong:
      return "LONG";
    default:
      return "DOUBLE";
  }
}

// "": it is of the type.
std::string TypeError(ConfigType type, absl::string_view value) {
  bool good = true;
  switch (type) {
    case ConfigType::kBoolean:
      if (absl::EqualsIgnoreCase(value, "true") || absl::EqualsIgnoreCase(value, "false")) {
        return "";
      }
      return "Expected value to be either true or false";
    case ConfigType::kInt:
      good =
          IsWhole(value, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
      break;
    case ConfigType::kShort:
      good =
          IsWhole(value, std::numeric_limits<int16_t>::min(), std::numeric_limits<int16_t>::max());
      break;
    case ConfigType::kLong:
      good =
          IsWhole(value, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
      break;
    case ConfigType::kDouble:
      good = ParseReal(value).has_value();
      break;
    case ConfigType::kString:
    case ConfigType::kList:
    case ConfigType::kClass:
    case ConfigType::kPassword:
      break;
  }
  return good ? "" : absl::StrCat("Not a number of type ", TypeName(type));
}

// REQUIRES: both are numbers. Whole ones are compared as such: a double does not tell 2^63 - 1 from
// 2^63.
bool Less(absl::string_view a, absl::string_view b) {
  absl::ConsumePrefix(&a, "+");
  int64_t left = 0, right = 0;
  if (absl::SimpleAtoi(a, &left) && absl::SimpleAtoi(b, &right)) return left < right;
  return ParseReal(a).value_or(0) < ParseReal(b).value_or(0);
}

Words ListOf(absl::string_view value) {
  Words words;
  if (value.empty()) return words;
  for (const absl::string_view word : absl::StrSplit(value, ',')) {
    words.push_back(absl::StripAsciiWhitespace(word));
  }
  return words;
}

bool IsReplica(absl::string_view word) {
  return word.empty() || (ConsumeDigits(&word) && absl::ConsumePrefix(&word, ":") &&
                          ConsumeDigits(&word) && word.empty());
}

bool IsMetadataVersion(absl::string_view value) {
  // What follows the number of a release is not looked at: 3.9.2 is 3.9.
  const size_t kept = absl::StartsWith(value, "0.") ? 3 : 2;
  Words parts = absl::StrSplit(value, '.');
  if (parts.size() > kept) parts.resize(kept);
  const auto known = MetadataVersions();
  return std::find(known.begin(), known.end(), absl::StrJoin(parts, ".")) != known.end();
}

// "": it passes. REQUIRES: it is of the type.
std::string CheckError(const ConfigKey& key, absl::string_view name, absl::string_view value) {
  switch (key.check) {
    case ConfigCheck::kNone:
      return "";
    case ConfigCheck::kRange:
      if (!key.least.empty() && Less(value, key.least)) {
        return absl::StrCat("Value must be at least ", key.least);
      }
      if (!key.most.empty() && Less(key.most, value)) {
        return absl::StrCat("Value must be no more than ", key.most);
      }
      return "";
    case ConfigCheck::kRangeOrMinusOne:
      if (value == "-1" || (!Less(value, key.least) && !Less(key.most, value))) return "";
      return absl::StrCat("Value must be between ", key.least, " and ", key.most,
                          " or equal to -1");
    case ConfigCheck::kOneOf:
    case ConfigCheck::kEachOneOf: {
      const Words known = ListOf(key.values);
      const Words words = key.check == ConfigCheck::kOneOf ? Words{value} : ListOf(value);
      const bool all = std::all_of(words.begin(), words.end(), [&known](absl::string_view word) {
        return std::find(known.begin(), known.end(), word) != known.end();
      });
      return all ? "" : absl::StrCat("String must be one of: ", absl::StrJoin(known, ", "));
    }
    case ConfigCheck::kThrottledReplicas: {
      const Words words = ListOf(value);
      if (value == "*" || std::all_of(words.begin(), words.end(), IsReplica)) return "";
      return absl::StrCat(name,
                          " must be the literal '*' or a list of replicas in the following "
                          "format: [partitionId]:[brokerId],[partitionId]:[brokerId],...");
    }
    case ConfigCheck::kMetadataVersion:
      if (IsMetadataVersion(value)) return "";
      return absl::StrCat("Version ", value, " is not a valid version");
  }
  return "";
}

}  // namespace

const ConfigKey* FindConfigKey(std::span<const ConfigKey> keys, absl::string_view name) {
  const auto found = std::lower_bound(
      keys.begin(), keys.end(), name,
      [](const ConfigKey& key, absl::string_view wanted) { return key.name < wanted; });
  return found == keys.end() || found->name != name ? nullptr : &*found;
}

absl::Status CheckConfigValue(const ConfigKey& key, absl::string_view name,
                              absl::string_view value) {
  const absl::string_view trimmed = absl::StripAsciiWhitespace(value);
  std::string error = TypeError(key.type, trimmed);
  if (error.empty()) error = CheckError(key, name, trimmed);
  if (error.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("Invalid value ", value, " for configuration ", name, ": ", error));
}

bool IsTrue(absl::string_view value) {
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(value), "true");
}

}  // namespace rookery::kafka
