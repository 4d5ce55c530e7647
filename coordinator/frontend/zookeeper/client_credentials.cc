// Who a connection's client says it is.
#include "absl/status/status.h"
#include "coordinator/base/logging.h"
#include "coordinator/frontend/zookeeper/client_connection.h"
#include "coordinator/wire/zookeeper/reply.h"

namespace rookery::frontend {

using model::ErrorCode;

// Takes effect at once and is answered at once: it may overtake earlier requests.
void ClientConnection::Authenticate(int32_t xid, const wire::AuthRequest& auth) {
  const absl::Status status =
      AddAuth(rules_->identity, auth.scheme, auth.auth.value_or(""), &credentials_);
  const model::Reply reply{.error = status.ok() ? ErrorCode::kOk : ErrorCode::kAuthFailed};
  wire::EncodeReply(xid, reply, &out_);
  ++traffic_->packets_sent;
  ++line_.sent;
  FlushSoon();
  if (!status.ok()) return RefuseCredentials(status.message());
  CredentialsGrew();
}

// At once as well, and with zxid 0.
void ClientConnection::LogIn(int32_t xid, const wire::SaslRequest& sasl) {
  const SaslLogin::Outcome outcome = login_.Take(sasl.token);
  wire::EncodeSaslReply(xid, outcome.error, outcome.token, &out_);
  ++traffic_->packets_sent;
  ++line_.sent;
  FlushSoon();
  if (outcome.error != ErrorCode::kOk) return RefuseCredentials(outcome.reason);
  if (outcome.user.has_value()) {
    AddSaslUser(rules_->identity, *outcome.user, &credentials_);
    LogInfo("logged in", {{"user", *outcome.user}, {"peer", line_.peer}});
  }
  CredentialsGrew();
}

void ClientConnection::CredentialsGrew() {
  service_->SetCredentials(connection_, credentials_);
  service_->Touch(connection_);
}

void ClientConnection::RefuseCredentials(absl::string_view why) {
  ++traffic_->auth_failed;
  LogWarn("authentication refused", {{"peer", line_.peer}, {"reason", why}});
  End();
}

}  // namespace rookery::frontend
