#include "coordinator/model/path.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace rookery::model {
namespace {

// One code point of well-formed UTF-8, or kMalformed. ZooKeeper judges UTF-16 units of the decoded
// string; Java decodes malformed bytes to U+FFFD, which the rules refuse.
constexpr uint32_t kMalformed = 0xFFFD;

uint32_t TakeCodePoint(absl::string_view* text) {
  const auto first = static_cast<unsigned char>((*text)[0]);
  const auto take = [text](size_t length, uint32_t lead, uint32_t least) -> uint32_t {
    if (text->size() < length) {
      text->remove_prefix(1);
      return kMalformed;
    }
    uint32_t point = lead;
    for (size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>((*text)[i]);
      if ((byte & 0xC0) != 0x80) {
        text->remove_prefix(1);
        return kMalformed;
      }
      point = (point << 6) | (byte & 0x3F);
    }
    text->remove_prefix(length);
    return point < least ? kMalformed : point;
  };
  if (first < 0x80) return take(1, first, 0);
  if ((first & 0xE0) == 0xC0) return take(2, first & 0x1F, 0x80);
  if ((first & 0xF0) == 0xE0) return take(3, first & 0x0F, 0x800);
  if ((first & 0xF8) == 0xF0) return take(4, first & 0x07, 0x10000);
  text->remove_prefix(1);
  return kMalformed;
}

// Beyond the BMP a character is two surrogates, which lie in the forbidden range.
bool IsForbidden(uint32_t point) {
  return point <= 0x1F || (point >= 0x7F && point <= 0x9F) ||
         (point >= 0xD800 && point <= 0xF8FF) || point >= 0xFFF0;
}

bool HasForbiddenCharacter(absl::string_view path) {
  const bool plain =
      std::all_of(path.begin(), path.end(), [](char c) { return c > 0x1F && c < 0x7F; });
  if (plain) return false;
  while (!path.empty()) {
    if (IsForbidden(TakeCodePoint(&path))) return true;
  }
  return false;
}

}  // namespace

bool IsValidPath(absl::string_view path) {
  if (path.empty() || path[0] != '/') return false;
  if (path == "/") return true;
  if (path.back() == '/' || HasForbiddenCharacter(path)) return false;
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
