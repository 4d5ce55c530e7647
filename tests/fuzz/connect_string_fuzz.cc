// "host:port,host:port/chroot", as tools take it from their command line.
#include <cstddef>
#include <cstdint>

#include "coordinator/base/check.h"
#include "coordinator/base/network.h"
#include "coordinator/client/connect_string.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = rookery::fuzz::Bytes(data, size);
  const auto parsed = rookery::client::ParseConnectString(text);
  if (parsed.ok()) {
    ROOKERY_CHECK(!parsed->servers.empty());
    ROOKERY_CHECK(parsed->chroot.empty() || parsed->chroot[0] == '/');
  }
  if (const auto address = rookery::Address::Parse(text); address.ok()) {
    const auto again = rookery::Address::Parse(address->ToString());
    ROOKERY_CHECK(again.ok() && *again == *address) << address->ToString();
  }
  return 0;
}
