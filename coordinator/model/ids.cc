#include "coordinator/model/ids.h"

#include "absl/strings/str_cat.h"

namespace rookery::model {

std::string ToHex(int64_t number) {
  return absl::StrCat("0x", absl::Hex(static_cast<uint64_t>(number)));
}

}  // namespace rookery::model
