// Replies and watch notifications, both directions. Source: zookeeper-protocol 1.4 to 1.7.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/data.h"
#include "coordinator/model/event.h"
#include "coordinator/model/operations.h"
#include "coordinator/model/reply.h"

namespace rookery::wire {

inline constexpr size_t kReplyHeaderBytes = 16;

struct ReplyHeader {
  int32_t xid = 0;
  model::Zxid zxid = 0;
  model::ErrorCode error = model::ErrorCode::kOk;
  bool operator==(const ReplyHeader&) const = default;
};

// Append the whole frame. An error has no body. REQUIRES: not a SessionReply, which is a handshake.
void EncodeReply(int32_t xid, const model::Reply& reply, std::string* out);
// The answer to a SaslRequest, with zxid 0; the token follows an error too.
void EncodeSaslReply(int32_t xid, model::ErrorCode error, const model::Data& token,
                     std::string* out);
void EncodeEvent(const model::Event& event, std::string* out);

// `frame` is a payload. InvalidArgument: not what was expected; the connection is of no more use.
absl::StatusOr<ReplyHeader> DecodeReplyHeader(absl::string_view frame);
// The whole reply to a request with this opcode, header included.
absl::StatusOr<model::Reply> DecodeReply(absl::string_view frame, model::OpCode opcode);
// The whole answer to a SaslRequest; nullopt: the server says that it offers no login.
absl::StatusOr<model::Data> DecodeSaslToken(absl::string_view frame);
// A frame whose header has kEventXid.
absl::StatusOr<model::Event> DecodeEvent(absl::string_view frame);

}  // namespace rookery::wire
