#include "broker-sim/scenario/yaml_map.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "broker-sim/timeline/event_names.h"

namespace rookery::broker_sim {
namespace {

constexpr char kDurationForm[] = "a duration as in 250ms, 2s or 1m";

std::string Shown(const YAML::Node& node) {
  if (node.IsScalar()) return absl::StrCat("'", node.Scalar(), "'");
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a mapping";
  return "nothing";
}

}  // namespace

void YamlMistake::At(int line, absl::string_view key, absl::string_view what) {
  if (!status_.ok()) return;
  status_ = absl::InvalidArgumentError(
      absl::StrCat(file_, ":", line + 1, ": ", key, key.empty() ? "" : ": ", what));
}

absl::Status ParseDuration(absl::string_view text, int64_t* us) {
  absl::string_view digits = text;
  double unit = 0;
  if (absl::ConsumeSuffix(&digits, "ms")) {
    unit = 1e3;
  } else if (absl::ConsumeSuffix(&digits, "s")) {
    unit = 1e6;
  } else if (absl::ConsumeSuffix(&digits, "m")) {
    unit = 60e6;
  }
  double number = 0;
  constexpr double kDayUs = 24 * 3600e6;
  if (unit == 0 || !absl::SimpleAtod(digits, &number) || !(number >= 0) || number * unit > kDayUs) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected ", kDurationForm, ", found '", text, "'"));
  }
  *us = std::llround(number * unit);
  return absl::OkStatus();
}

YamlMap::YamlMap(YAML::Node node, std::string key, YamlMistake* mistake)
    : node_(std::move(node)), key_(std::move(key)), mistake_(mistake) {
  if (node_.IsMap()) return;
  mistake_->At(std::max(0, node_.Mark().line), key_,
               absl::StrCat("expected a mapping, found ", Shown(node_)));
  node_ = YAML::Node(YAML::NodeType::Map);
}

std::string YamlMap::Named(absl::string_view key) const {
  return key_.empty() ? std::string(key) : absl::StrCat(key_, ".", key);
}

YAML::Node YamlMap::Find(absl::string_view key) {
  asked_.emplace_back(key);
  const YAML::Node& node = node_;  // so that asking does not add
  return node[std::string(key)];
}

bool YamlMap::Has(absl::string_view key) { return Find(key).IsDefined(); }

int YamlMap::LineOf(absl::string_view key) {
  for (const auto& entry : node_) {
    if (entry.first.Scalar() == key) return entry.first.Mark().line;
  }
  return std::max(0, node_.Mark().line);
}

void YamlMap::Wrong(absl::string_view key, absl::string_view what) {
  mistake_->At(LineOf(key), Named(key), what);
}

std::string YamlMap::Text(absl::string_view key, absl::string_view otherwise) {
  const YAML::Node node = Find(key);
  if (!node.IsDefined()) return std::string(otherwise);
  if (!node.IsScalar()) {
    Wrong(key, absl::StrCat("expected a text, found ", Shown(node)));
    return std::string(otherwise);
  }
  return node.Scalar();
}

std::string YamlMap::RequiredText(absl::string_view key) {
  const std::string text = Text(key, "");
  if (text.empty()) Wrong(key, "expected a text, found nothing");
  return text;
}

int64_t YamlMap::Whole(absl::string_view key, int64_t otherwise, int64_t low, int64_t high) {
  const YAML::Node node = Find(key);
  if (!node.IsDefined()) return otherwise;
  int64_t number = 0;
  if (!node.IsScalar() || !absl::SimpleAtoi(node.Scalar(), &number) || number < low ||
      number > high) {
    Wrong(key, absl::StrCat("expected a whole number from ", low, " to ", high, ", found ",
                            Shown(node)));
    return otherwise;
  }
  return number;
}

bool YamlMap::Flag(absl::string_view key, bool otherwise) {
  const YAML::Node node = Find(key);
  if (!node.IsDefined()) return otherwise;
  if (node.IsScalar() && node.Scalar() == "true") return true;
  if (node.IsScalar() && node.Scalar() == "false") return false;
  Wrong(key, absl::StrCat("expected true or false, found ", Shown(node)));
  return otherwise;
}

int64_t YamlMap::DurationUs(absl::string_view key, int64_t otherwise_us) {
  const YAML::Node node = Find(key);
  if (!node.IsDefined()) return otherwise_us;
  int64_t us = otherwise_us;
  if (!node.IsScalar()) {
    Wrong(key, absl::StrCat("expected ", kDurationForm, ", found ", Shown(node)));
  } else if (const absl::Status status = ParseDuration(node.Scalar(), &us); !status.ok()) {
    Wrong(key, status.message());
  }
  return us;
}

int64_t YamlMap::RequiredDurationUs(absl::string_view key) {
  if (!Has(key)) Wrong(key, absl::StrCat("expected ", kDurationForm, ", found nothing"));
  return DurationUs(key, 0);
}

std::vector<std::string> YamlMap::Texts(absl::string_view key) {
  const YAML::Node node = Find(key);
  std::vector<std::string> texts;
  if (!node.IsDefined()) return texts;
  if (!node.IsSequence()) {
    Wrong(key, absl::StrCat("expected a list of texts, found ", Shown(node)));
    return texts;
  }
  for (const YAML::Node& item : node) {
    if (item.IsScalar()) {
      texts.push_back(item.Scalar());
    } else {
      mistake_->At(item.Mark().line, Named(key),
                   absl::StrCat("expected a text, found ", Shown(item)));
    }
  }
  return texts;
}

std::vector<YamlMap> YamlMap::Maps(absl::string_view key) {
  const YAML::Node node = Find(key);
  std::vector<YamlMap> maps;
  if (!node.IsDefined()) return maps;
  if (!node.IsSequence()) {
    Wrong(key, absl::StrCat("expected a list of mappings, found ", Shown(node)));
    return maps;
  }
  for (const YAML::Node& item : node) {
    maps.emplace_back(item, absl::StrCat(Named(key), "[", maps.size(), "]"), mistake_);
  }
  return maps;
}

std::vector<YamlMap::Entry> YamlMap::Entries(absl::string_view key) {
  const YAML::Node node = Find(key);
  std::vector<Entry> entries;
  if (!node.IsDefined()) return entries;
  if (!node.IsMap()) {
    Wrong(key, absl::StrCat("expected a mapping, found ", Shown(node)));
    return entries;
  }
  for (const auto& entry : node) {
    if (!entry.first.IsScalar() || !entry.second.IsScalar()) {
      mistake_->At(entry.first.Mark().line, Named(key),
                   "expected texts on both sides of the colon");
      continue;
    }
    entries.push_back({entry.first.Scalar(), entry.second.Scalar(), entry.first.Mark().line});
  }
  return entries;
}

void YamlMap::Finish() {
  for (const auto& entry : node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    std::sort(asked_.begin(), asked_.end());
    asked_.erase(std::unique(asked_.begin(), asked_.end()), asked_.end());
    const std::string near = Nearest(key, asked_);
    mistake_->At(entry.first.Mark().line, Named(key),
                 near.empty() ? absl::StrCat("expected one of ", absl::StrJoin(asked_, ", "))
                              : absl::StrCat("no such key here: did you mean ", near,
                                             "? expected one of ", absl::StrJoin(asked_, ", ")));
    return;
  }
}

}  // namespace rookery::broker_sim
