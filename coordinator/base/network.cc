#include "coordinator/base/network.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rookery {

std::string Address::ToString() const {
  if (host.find(':') != std::string::npos) return absl::StrCat("[", host, "]:", port);
  return absl::StrCat(host, ":", port);
}

absl::StatusOr<Address> Address::Parse(absl::string_view text) {
  const auto wrong = [&] {
    return absl::InvalidArgumentError(
        absl::StrCat("expected host:port (IPv6 as [address]:port), found '", text, "'"));
  };
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos || colon == 0) return wrong();
  absl::string_view host = text.substr(0, colon);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || (!bracketed && host.find(':') != absl::string_view::npos)) return wrong();
  uint32_t port = 0;
  if (!absl::SimpleAtoi(text.substr(colon + 1), &port) || port > 0xffff) return wrong();
  return Address{std::string(host), static_cast<uint16_t>(port)};
}

}  // namespace rookery
