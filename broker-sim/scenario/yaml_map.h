// Reading YAML strictly: every key is known, every value of the kind that was asked for, and what
// is wrong is said with file, line, key and what was expected. Private to this module.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rookery::broker_sim {

// The first mistake of a file. Readers go on with defaults after one.
class YamlMistake {
 public:
  explicit YamlMistake(std::string file) : file_(std::move(file)) {}
  // `line` counts from 0, as yaml-cpp does.
  void At(int line, absl::string_view key, absl::string_view what);
  const absl::Status& status() const { return status_; }

 private:
  const std::string file_;
  absl::Status status_;
};

// One mapping. What is not asked for until Finish() is a mistake.
class YamlMap {
 public:
  // `key` names the mapping in messages; "" for the whole file.
  YamlMap(YAML::Node node, std::string key, YamlMistake* mistake);

  bool Has(absl::string_view key);
  std::string Text(absl::string_view key, absl::string_view otherwise);
  std::string RequiredText(absl::string_view key);
  int64_t Whole(absl::string_view key, int64_t otherwise, int64_t low, int64_t high);
  bool Flag(absl::string_view key, bool otherwise);
  // "250ms", "2s", "1m".
  int64_t DurationUs(absl::string_view key, int64_t otherwise_us);
  int64_t RequiredDurationUs(absl::string_view key);
  std::vector<std::string> Texts(absl::string_view key);
  // Mappings in a list.
  std::vector<YamlMap> Maps(absl::string_view key);
  // Key and value of a mapping of texts, with their lines.
  struct Entry {
    std::string key, value;
    int line = 0;
  };
  std::vector<Entry> Entries(absl::string_view key);

  int LineOf(absl::string_view key);
  void Wrong(absl::string_view key, absl::string_view what);
  // Call last: names a key that nobody asked for.
  void Finish();

 private:
  // Undefined if the key is missing.
  YAML::Node Find(absl::string_view key);
  std::string Named(absl::string_view key) const;

  YAML::Node node_;
  std::string key_;
  YamlMistake* mistake_;
  std::vector<std::string> asked_;
};

// InvalidArgument: no duration.
absl::Status ParseDuration(absl::string_view text, int64_t* us);

}  // namespace rookery::broker_sim
