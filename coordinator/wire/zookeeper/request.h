// Requests: header and body, both directions. Source: zookeeper-protocol 1.4 to 1.6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"
#include "coordinator/model/data.h"
#include "coordinator/model/request.h"

namespace rookery::wire {

// Numbers of requests that are not counted.
inline constexpr int32_t kEventXid = -1;
inline constexpr int32_t kPingXid = -2;
inline constexpr int32_t kAuthXid = -4;
inline constexpr int32_t kSetWatchesXid = -8;

struct AuthRequest {
  std::string scheme;
  model::Data auth;  // digest: "user:password"
  bool operator==(const AuthRequest&) const = default;
};

// The next token of a login (5.6).
struct SaslRequest {
  model::Data token;
  bool operator==(const SaslRequest&) const = default;
};

// What a request asks that cannot be done.
enum class BadRequest {
  kMalformed,      // answer MarshallingError, keep the connection
  kNotBuilt,       // a known operation: answer Unimplemented, keep the connection, log which
  kUnknownOpcode,  // answer Unimplemented with zxid -1, close the connection
};

struct DecodedRequest {
  int32_t xid = 0;     // to be echoed, whatever it is; a ping's answer has kPingXid, though
  int32_t opcode = 0;  // as sent
  // Pings and closeSession are a ReadOperation and a WriteOperation.
  std::variant<BadRequest, model::WriteOperation, model::ReadOperation, AuthRequest, SaslRequest>
      body;
};

// `frame` is a payload. Nullopt: no header can be read; the connection is to be closed. Bytes
// behind the last field are ignored.
std::optional<DecodedRequest> DecodeRequest(absl::string_view frame);

// Append the whole frame. REQUIRES: not OpenSession or AttachSession, which are handshakes.
void EncodeRequest(int32_t xid, const model::WriteOperation& operation, std::string* out);
void EncodeRequest(int32_t xid, const model::ReadOperation& operation, std::string* out);
void EncodeRequest(int32_t xid, const AuthRequest& auth, std::string* out);
void EncodeRequest(int32_t xid, const SaslRequest& sasl, std::string* out);

}  // namespace rookery::wire
