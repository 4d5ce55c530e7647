// Which texts may stand in paths, and in messages that have to be UTF-8. Source: zookeeper-protocol
// 2.1.
#pragma once

#include "absl/strings/string_view.h"

namespace rookery::model {

// True for well-formed UTF-8 without the characters that no path may have: control characters,
// surrogates, private and unassigned ones.
bool IsPlainText(absl::string_view text);

// True for well-formed UTF-8, which strings of protobuf have to be. U+FFFD, which stands for bytes
// that are none, counts as such bytes.
bool IsUtf8(absl::string_view text);

}  // namespace rookery::model
