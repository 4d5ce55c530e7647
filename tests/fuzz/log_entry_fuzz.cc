// What a damaged log or a foreign server may hand up.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "coordinator/wire/log_entry.h"

namespace wire = rookery::wire;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto entry = wire::DecodeLogEntry(bytes); entry.ok()) {
    const std::string again = wire::EncodeLogEntry(*entry);
    const auto second = wire::DecodeLogEntry(again);
    if (!second.ok() || wire::EncodeLogEntry(*second) != again) abort();
  }
  if (const auto request = wire::DecodeWriteRequest(bytes); request.ok()) {
    const std::string again = wire::EncodeWriteRequest(*request);
    const auto second = wire::DecodeWriteRequest(again);
    if (!second.ok() || wire::EncodeWriteRequest(*second) != again) abort();
  }
  return 0;
}
