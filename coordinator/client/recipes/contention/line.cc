#include "coordinator/client/recipes/contention/line.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace rookery::client::recipes {
namespace {

constexpr size_t kDigits = 10;

std::optional<int64_t> ParseSequence(absl::string_view text) {
  const absl::string_view digits = text.substr(!text.empty() && text[0] == '-' ? 1 : 0);
  int64_t number = 0;
  if (digits.size() != kDigits || !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(text, &number)) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::optional<int64_t> SequenceOf(absl::string_view name, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const size_t at = name.rfind(word);
    if (at == absl::string_view::npos) continue;
    if (const auto number = ParseSequence(name.substr(at + word.size()))) return number;
  }
  return std::nullopt;
}

std::optional<std::string> NodeBefore(const Line& line, absl::string_view own,
                                      const std::vector<std::string>& children) {
  const std::optional<int64_t> own_number = SequenceOf(own, {line.word});
  if (!own_number.has_value()) return std::nullopt;
  bool found = false;
  std::pair<int64_t, std::string> nearest{INT64_MIN, ""};
  for (const std::string& child : children) {
    found = found || child == own;
    const std::optional<int64_t> number = SequenceOf(child, line.before);
    if (!number.has_value() || *number >= *own_number || *number <= nearest.first) continue;
    nearest = {*number, child};
  }
  if (!found) return std::nullopt;
  return nearest.second;
}

std::vector<std::string> InOrder(const std::vector<std::string>& words,
                                 const std::vector<std::string>& children) {
  std::vector<std::pair<int64_t, std::string>> numbered;
  for (const std::string& child : children) {
    if (const auto number = SequenceOf(child, words)) numbered.emplace_back(*number, child);
  }
  std::sort(numbered.begin(), numbered.end());
  std::vector<std::string> names;
  for (auto& [number, name] : numbered) names.push_back(std::move(name));
  return names;
}

std::string UniquePrefix(Client* client, const Line& line) {
  const auto session = static_cast<uint64_t>(client->session());
  const uint64_t number = client->NextNumber();
  if (line.style == NameStyle::kKazoo) {
    return absl::StrFormat("%016x%016x%s", session, number, line.word);
  }
  return absl::StrFormat("_c_%08x-%04x-%04x-%04x-%012x-%s", session >> 32, (session >> 16) & 0xffff,
                         session & 0xffff, (number >> 48) & 0xffff, number & 0xffffffffffff,
                         line.word);
}

}  // namespace rookery::client::recipes
