// Columns of text.
#pragma once

#include <string>
#include <vector>

namespace rookery::tools {

class Table {
 public:
  explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
  // REQUIRES: as many cells as the head has.
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  // Cells left-aligned, two blanks between columns, none at the end of a line.
  std::string ToString() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace rookery::tools
