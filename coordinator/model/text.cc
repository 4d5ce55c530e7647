#include "coordinator/model/text.h"

#include <algorithm>
#include <cstdint>

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

}  // namespace

bool IsPlainText(absl::string_view text) {
  const bool ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return c > 0x1F && c < 0x7F; });
  if (ascii) return true;
  while (!text.empty()) {
    if (IsForbidden(TakeCodePoint(&text))) return false;
  }
  return true;
}

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const uint32_t point = TakeCodePoint(&text);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point == kMalformed || surrogate || point > 0x10FFFF) return false;
  }
  return true;
}

}  // namespace rookery::model
