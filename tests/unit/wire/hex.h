// Bytes as hex text, blanks allowed, for test vectors.
#pragma once

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"

namespace rookery::wire {

inline std::string FromHex(const std::string& text) {
  return absl::HexStringToBytes(absl::StrReplaceAll(text, {{" ", ""}, {"|", ""}}));
}
inline std::string ToHexText(const std::string& bytes) { return absl::BytesToHexString(bytes); }

}  // namespace rookery::wire
