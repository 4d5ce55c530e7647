// An instance of a service, as it stands in its node: Curator's JSON, so that its ServiceDiscovery
// finds what we register, and we find what it did.
//
//   {"name":"search","id":"7f..","address":"10.0.0.1","port":8080,"sslPort":null,"payload":null,
//    "registrationTimeUTC":1764374400000,"serviceType":"DYNAMIC","uriSpec":null,"enabled":true}
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::client::recipes {

struct Instance {
  std::string name;
  std::string id;       // unique among those of its name; the node's name
  std::string address;  // a host's name or number
  std::optional<uint16_t> port;
  std::optional<uint16_t> ssl_port;
  std::string payload = "null";  // any JSON value
  int64_t registered_at_ms = 0;  // since 1970
  bool enabled = true;           // a disabled one is listed, not chosen
  bool operator==(const Instance&) const = default;

  // "address:port", with brackets around an IPv6 address; without a port its address.
  std::string ToString() const;
};

// InvalidArgument: the payload is no JSON.
absl::StatusOr<std::string> EncodeInstance(const Instance& instance);
// InvalidArgument: what is wrong. Fields that it does not know are ignored.
absl::StatusOr<Instance> DecodeInstance(absl::string_view text);

}  // namespace rookery::client::recipes
