// "host:port,host:port/chroot", as every tool takes it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/network.h"

namespace rookery::client {

inline constexpr uint16_t kDefaultPort = 2181;

struct ConnectString {
  std::vector<Address> servers;
  std::string chroot;  // "" if there is none
};

// A server without a port gets `default_port`. IPv6 literals stand in brackets. InvalidArgument
// names the part that is wrong.
absl::StatusOr<ConnectString> ParseConnectString(absl::string_view text,
                                                 uint16_t default_port = kDefaultPort);

}  // namespace rookery::client
