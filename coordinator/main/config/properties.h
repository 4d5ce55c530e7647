// Files of Java's properties syntax, as zoo.cfg is one: key=value lines, '#' and '!' comments, '\'
// at the end of a line, ':' or '=' or blanks between key and value.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::config {

struct Property {
  std::string key;
  std::string value;
  int line = 0;  // where it begins, from 1
};

// In the order of the file; the same key may come again.
std::vector<Property> ParseProperties(absl::string_view text);

}  // namespace rookery::config
