// What a damaged log or a foreign server may hand up: log entries, and single writes.
#include <cstddef>
#include <cstdint>
#include <string>

#include "coordinator/base/check.h"
#include "coordinator/wire/log_entry.h"
#include "tests/fuzz/fuzz_input.h"

namespace wire = rookery::wire;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = rookery::fuzz::Bytes(data, size);
  if (const auto entry = wire::DecodeLogEntry(bytes); entry.ok()) {
    const auto again = wire::DecodeLogEntry(wire::EncodeLogEntry(*entry));
    ROOKERY_CHECK(again.ok() && *again == *entry);
  }
  if (const auto request = wire::DecodeWriteRequest(bytes); request.ok()) {
    const auto again = wire::DecodeWriteRequest(wire::EncodeWriteRequest(*request));
    ROOKERY_CHECK(again.ok() && *again == *request);
  }
  return 0;
}
