// The first frame of each direction. Source: zookeeper-protocol 1.3.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/ids.h"

namespace rookery::wire {

inline constexpr size_t kPasswordBytes = 16;

struct ConnectRequest {
  int32_t protocol_version = 0;
  model::Zxid last_zxid_seen = 0;
  int32_t timeout_ms = 0;        // asked for
  model::SessionId session = 0;  // 0: a new session
  std::string password;          // empty if it was null
  bool read_only = false;
  bool has_read_only = true;  // false: the 44-byte form, whose answer has no such field either
  bool operator==(const ConnectRequest&) const = default;
};

struct ConnectResponse {
  int32_t timeout_ms = 0;        // granted; 0: refused
  model::SessionId session = 0;  // 0: refused
  std::string password;
  bool read_only = false;
  bool operator==(const ConnectResponse&) const = default;
};

// Append the whole frame. A password is sent as exactly 16 bytes, padded with zeros: clients read a
// fixed size. `with_read_only` is ConnectRequest::has_read_only of the request that is answered.
void EncodeConnectRequest(const ConnectRequest& request, std::string* out);
void EncodeConnectResponse(const ConnectResponse& response, bool with_read_only, std::string* out);

// `frame` is a payload. InvalidArgument: not a handshake; the connection is to be closed.
absl::StatusOr<ConnectRequest> DecodeConnectRequest(absl::string_view frame);
absl::StatusOr<ConnectResponse> DecodeConnectResponse(absl::string_view frame);

}  // namespace rookery::wire
