#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/network.h"

namespace rookery {

std::string Address::ToString() const {
  if (host.find(':') != std::string::npos) return absl::StrCat("[", host, "]:", port);
  return absl::StrCat(host, ":", port);
}

absl::StatusOr<Address> Address::Parse(absl::string_view text) {
  const auto bad = [text] {
    return absl::InvalidArgumentError(absl::StrCat("expected host:port, found '", text, "'"));
  };
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return bad();
  absl::string_view host = text.substr(0, colon);
  uint32_t port = 0;
  if (!absl::SimpleAtoi(text.substr(colon + 1), &port) || port > 65535) return bad();
  if (!host.empty() && host.front() == '[') {
    if (host.back() != ']') return bad();
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != absl::string_view::npos) {
    return bad();  // IPv6 wants brackets
  }
  // No host has brackets in its name; ToString() could not be read back.
  if (host.empty() || host.find_first_of("[]") != absl::string_view::npos) return bad();
  return Address{std::string(host), static_cast<uint16_t>(port)};
}

}  // namespace rookery
