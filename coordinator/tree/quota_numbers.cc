#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/tree/quota.h"

namespace rookery::tree {

QuotaNumbers QuotaNumbers::Parse(const model::Data& text) {
  QuotaNumbers numbers;
  if (!text.has_value()) return numbers;
  for (const absl::string_view pair : absl::StrSplit(*text, absl::ByAnyChar(",;"))) {
    // What follows a second '=' is not looked at: the text has one before the keys of newer
    // versions, so that older ones read past these.
    const std::vector<absl::string_view> parts = absl::StrSplit(pair, '=');
    int64_t value = -1;
    if (parts.size() < 2 || (!parts[1].empty() && !absl::SimpleAtoi(parts[1], &value))) continue;
    numbers.Set(parts[0], value);
  }
  return numbers;
}

std::string QuotaNumbers::ToText() const {
  std::string text = absl::StrCat(kCount, "=", Get(kCount), ",", kBytes, "=", Get(kBytes));
  absl::string_view before = "=;";
  for (const auto& [key, value] : values_) {
    if (key == kCount || key == kBytes) continue;
    absl::StrAppend(&text, std::exchange(before, ";"), key, "=", value);
  }
  return text;
}

int64_t QuotaNumbers::Get(absl::string_view key) const {
  const auto at = values_.find(key);
  return at == values_.end() ? -1 : at->second;
}

void QuotaNumbers::Add(absl::string_view key, int64_t by) {
  Set(key, static_cast<int64_t>(static_cast<uint64_t>(Get(key)) + static_cast<uint64_t>(by)));
}

void QuotaNumbers::Set(absl::string_view key, int64_t value) { values_[std::string(key)] = value; }

}  // namespace rookery::tree
