// What one server says of itself, through the four-letter words and the administration API.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/base/network.h"

namespace rookery::tools::ensemble {

struct ServerReport {
  Address address;
  // leader, follower, observer, standalone; "down" if nobody answers, "not serving" without an
  // ensemble, "unknown" if it will not say.
  std::string role = "down";
  std::string version;
  std::optional<int64_t> zxid;
  std::optional<int64_t> connections;
  std::optional<int64_t> sessions;  // of the whole ensemble
  std::optional<int64_t> nodes;
  std::optional<uint32_t> grpc_port;   // 0: it has none
  std::optional<uint32_t> admin_port;  // of administration over HTTP
  std::string problem;                 // why something is missing, "" if nothing is

  // From the administration API alone, which ZooKeeper has not.
  std::optional<uint32_t> number;  // N of server.N
  std::optional<uint64_t> term;
  std::optional<uint64_t> applied_index;
  std::optional<uint64_t> digest;  // of the state at applied_index
};

// Reads the answers to `srvr`, `mntr` and `conf`; each may be a refusal or empty.
void ReadServerReport(absl::string_view srvr, absl::string_view mntr, absl::string_view conf,
                      ServerReport* report);

// Asks a server. Never fails: the report says what went wrong.
ServerReport AskServer(const Address& address, int64_t timeout_ms);

}  // namespace rookery::tools::ensemble
