// What a znode holds: bytes, or null, which is another value than no bytes (also on the wire, in
// the store and in checkpoints).
#pragma once

#include <optional>
#include <string>

namespace rookery::model {

using Data = std::optional<std::string>;

}  // namespace rookery::model
