#include "coordinator/wire/zookeeper/handshake.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "coordinator/wire/zookeeper/jute.h"

namespace rookery::wire {
namespace {

std::string SixteenBytes(std::string password) {
  password.resize(kPasswordBytes, '\0');
  return password;
}

absl::Status NotAHandshake(absl::string_view what, absl::string_view frame) {
  return absl::InvalidArgumentError(
      absl::StrCat("expected a ", what, ", found ", frame.size(), " bytes that are none"));
}

}  // namespace

void EncodeConnectRequest(const ConnectRequest& request, std::string* out) {
  FrameScope frame(out);
  JuteWriter writer(out);
  writer.WriteInt(request.protocol_version);
  writer.WriteLong(request.last_zxid_seen);
  writer.WriteInt(request.timeout_ms);
  writer.WriteLong(request.session);
  writer.WriteString(SixteenBytes(request.password));
  if (request.has_read_only) writer.WriteBool(request.read_only);
}

void EncodeConnectResponse(const ConnectResponse& response, bool with_read_only, std::string* out) {
  FrameScope frame(out);
  JuteWriter writer(out);
  writer.WriteInt(0);
  writer.WriteInt(response.timeout_ms);
  writer.WriteLong(response.session);
  writer.WriteString(SixteenBytes(response.password));
  if (with_read_only) writer.WriteBool(response.read_only);
}

absl::StatusOr<ConnectRequest> DecodeConnectRequest(absl::string_view frame) {
  JuteReader reader(frame);
  ConnectRequest request;
  request.protocol_version = reader.ReadInt();
  request.last_zxid_seen = reader.ReadLong();
  request.timeout_ms = reader.ReadInt();
  request.session = reader.ReadLong();
  if (const auto password = reader.ReadBuffer()) request.password = std::string(*password);
  request.has_read_only = reader.remaining() > 0;
  if (request.has_read_only) request.read_only = reader.ReadBool();
  if (!reader.ok()) return NotAHandshake("connect request", frame);
  return request;
}

absl::StatusOr<ConnectResponse> DecodeConnectResponse(absl::string_view frame) {
  JuteReader reader(frame);
  ConnectResponse response;
  reader.ReadInt();  // the protocol's version, always 0
  response.timeout_ms = reader.ReadInt();
  response.session = reader.ReadLong();
  if (const auto password = reader.ReadBuffer()) response.password = std::string(*password);
  if (reader.remaining() > 0) response.read_only = reader.ReadBool();
  if (!reader.ok()) return NotAHandshake("connect response", frame);
  return response;
}

}  // namespace rookery::wire
