#include "coordinator/model/path.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "coordinator/model/text.h"

namespace rookery::model {

bool IsValidPath(absl::string_view path) {
  if (path.empty() || path[0] != '/') return false;
  if (path == "/") return true;
  if (path.back() == '/' || !IsPlainText(path)) return false;
  size_t begin = 1;
  while (begin <= path.size()) {
    size_t end = path.find('/', begin);
    if (end == absl::string_view::npos) end = path.size();
    const absl::string_view name = path.substr(begin, end - begin);
    if (name.empty() || name == "." || name == "..") return false;
    begin = end + 1;
  }
  return true;
}

bool HasSlashAndNoNul(absl::string_view path) {
  return path.find('/') != absl::string_view::npos && path.find('\0') == absl::string_view::npos;
}

absl::string_view ParentPath(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

absl::string_view BaseName(absl::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string ChildPath(absl::string_view parent, absl::string_view name) {
  return parent == "/" ? absl::StrCat("/", name) : absl::StrCat(parent, "/", name);
}

uint32_t PathDepth(absl::string_view path) {
  return path == "/" ? 0 : static_cast<uint32_t>(std::count(path.begin(), path.end(), '/'));
}

std::string SequenceSuffix(int32_t counter) {
  std::array<char, 16> text;
  const int length = std::snprintf(text.data(), text.size(), "%010d", counter);
  return std::string(text.data(), length);
}

bool IsReservedPath(absl::string_view path) {
  return path == "/" || path == "/zookeeper" || path == "/zookeeper/quota" ||
         path == "/zookeeper/config";
}

}  // namespace rookery::model
