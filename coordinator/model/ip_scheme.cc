#include "coordinator/model/ip_scheme.h"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"

namespace rookery::model {
namespace {

struct Prefix {
  size_t length = 0;  // bytes of the address: 4 or 16
  std::array<uint8_t, 16> bytes = {};
  uint32_t bits = 0;
};

std::optional<Prefix> Parse(absl::string_view text) {
  const size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  Prefix prefix;
  if (inet_pton(AF_INET, address.c_str(), prefix.bytes.data()) == 1) {
    prefix.length = 4;
  } else if (inet_pton(AF_INET6, address.c_str(), prefix.bytes.data()) == 1) {
    prefix.length = 16;
  } else {
    return std::nullopt;
  }
  prefix.bits = static_cast<uint32_t>(prefix.length) * 8;
  if (slash != absl::string_view::npos) {
    uint32_t bits = 0;
    if (!absl::SimpleAtoi(text.substr(slash + 1), &bits) || bits > prefix.bits) return std::nullopt;
    prefix.bits = bits;
  }
  return prefix;
}

}  // namespace

bool IsIpId(absl::string_view id) { return Parse(id).has_value(); }

bool IpMatches(absl::string_view id, absl::string_view address) {
  const std::optional<Prefix> prefix = Parse(id);
  const std::optional<Prefix> held = Parse(address);
  if (!prefix.has_value() || !held.has_value() || prefix->length != held->length) return false;
  const size_t whole = prefix->bits / 8;
  if (std::memcmp(prefix->bytes.data(), held->bytes.data(), whole) != 0) return false;
  const uint32_t rest = prefix->bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<uint8_t>(0xFF << (8 - rest));
  return (prefix->bytes[whole] & mask) == (held->bytes[whole] & mask);
}

}  // namespace rookery::model
