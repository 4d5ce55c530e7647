// The words of a line, and how texts are quoted in them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::script {

struct Word {
  std::string text;  // unescaped
  bool quoted = false;
};

// InvalidArgument: a quote without its end, or an escape that is none.
absl::StatusOr<std::vector<Word>> SplitWords(absl::string_view line);

std::string Quoted(absl::string_view text);
// A path as scripts show it: quoted only where it must be.
std::string PathText(absl::string_view path);

}  // namespace rookery::script
