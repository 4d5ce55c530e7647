#include "coordinator/client/connect_string.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/model/path.h"

namespace rookery::client {
namespace {

absl::Status Wrong(absl::string_view part, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("expected host:port,.../chroot, found \"", part, "\": ", why));
}

absl::StatusOr<Address> ParseServer(absl::string_view text, uint16_t default_port) {
  Address address;
  absl::string_view port;
  if (!text.empty() && text[0] == '[') {
    const size_t end = text.find(']');
    if (end == absl::string_view::npos) return Wrong(text, "the bracket is not closed");
    address.host = std::string(text.substr(1, end - 1));
    port = text.substr(end + 1);
    if (!port.empty() && port[0] != ':') return Wrong(text, "a port begins with a colon");
  } else {
    const size_t colon = text.find(':');
    if (colon != absl::string_view::npos && text.find(':', colon + 1) != absl::string_view::npos) {
      return Wrong(text, "write an IPv6 address in brackets");
    }
    address.host = std::string(text.substr(0, colon));
    if (colon != absl::string_view::npos) port = text.substr(colon);
  }
  if (address.host.empty()) return Wrong(text, "the host is missing");
  address.port = default_port;
  if (!port.empty()) {
    uint32_t number = 0;
    if (!absl::SimpleAtoi(port.substr(1), &number) || number == 0 || number > 65535) {
      return Wrong(text, "the port must be a number from 1 to 65535");
    }
    address.port = static_cast<uint16_t>(number);
  }
  return address;
}

}  // namespace

absl::StatusOr<ConnectString> ParseConnectString(absl::string_view text, uint16_t default_port) {
  // absl::StrSplit makes no part at all of a view without bytes behind it.
  if (text.empty()) return Wrong(text, "the host is missing");
  ConnectString result;
  const size_t slash = text.find('/');
  if (slash != absl::string_view::npos) {
    const absl::string_view chroot = text.substr(slash);
    if (!model::IsValidPath(chroot)) return Wrong(chroot, "the chroot must be a valid path");
    if (chroot != "/") result.chroot = std::string(chroot);
  }
  for (const absl::string_view part : absl::StrSplit(text.substr(0, slash), ',')) {
    ROOKERY_ASSIGN_OR_RETURN(Address address,
                             ParseServer(absl::StripAsciiWhitespace(part), default_port));
    result.servers.push_back(std::move(address));
  }
  return result;
}

}  // namespace rookery::client
