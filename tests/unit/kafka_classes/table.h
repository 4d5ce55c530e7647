// Tables of what Kafka's own classes answered, line by line.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rookery {

struct TableLine {
  int number = 0;
  std::vector<std::string> words;
};

// A test that cannot read its table fails.
inline std::vector<TableLine> ReadTable(const std::string& name, char apart = ' ') {
  std::vector<TableLine> lines;
  std::ifstream file(absl::StrCat(ROOKERY_KAFKA_TABLES, "/", name));
  std::string text;
  while (std::getline(file, text)) {
    lines.push_back({static_cast<int>(lines.size()) + 1, absl::StrSplit(text, apart)});
  }
  EXPECT_FALSE(lines.empty()) << name << " cannot be read";
  return lines;
}

// Counts cases and tells the first few that differ.
class Comparison {
 public:
  explicit Comparison(std::string table) : table_(std::move(table)) {}

  void Case(const TableLine& line, const std::string& theirs, const std::string& ours) {
    ++cases_;
    if (theirs == ours) return;
    if (++unlike_ <= kToldMax) {
      ADD_FAILURE() << table_ << ", line " << line.number << ": Kafka says '" << theirs
                    << "', we say '" << ours << "'";
    }
  }
  // REQUIRES: called once, at the end.
  void ExpectCases(int least) const {
    EXPECT_EQ(unlike_, 0) << "of " << cases_ << " cases";
    EXPECT_GE(cases_, least);
  }

 private:
  static constexpr int kToldMax = 5;
  const std::string table_;
  int cases_ = 0;
  int unlike_ = 0;
};

}  // namespace rookery
