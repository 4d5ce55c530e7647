// One connection to one server, in one protocol: what a transport gives. The session above it
// (session_client.h) knows no protocol.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "coordinator/base/network.h"
#include "coordinator/client/client.h"
#include "coordinator/model/event.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/request.h"

namespace rookery::client {

// What the session wants to know. Calls come on the executor, never from inside a method of the
// link. A handler may call any method of the link; it does not destroy the link inside of a call.
class LinkHandler {
 public:
  virtual ~LinkHandler() = default;
  struct Opened {
    int32_t timeout_ms = 0;
    model::SessionId session = 0;  // 0: refused, since it has expired or the password is wrong
    std::string password;
    bool read_only = false;
  };
  // Once, the answer to Open().
  virtual void OnOpened(Opened opened) = 0;
  // The answer to the oldest unanswered Send().
  virtual void OnReply(model::Reply&& reply) = 0;
  // The answer to the oldest unanswered credential, those of the hello first. That one of them was
  // refused may be told in place of OnOpened.
  virtual void OnCredential(model::ErrorCode error) = 0;
  virtual void OnEvent(const model::Event& event) = 0;
  // The server was heard otherwise: an answer to a heartbeat or to restored watches.
  virtual void OnHeard() = 0;
  // The last call: the connection ended or could not be made. Not made after Close().
  virtual void OnClosed(absl::Status why) = 0;
};

struct Hello {
  model::SessionId session = 0;  // 0: a new one
  std::string password;
  int32_t timeout_ms = 0;
  int32_t connect_timeout_ms = 0;  // for the byte stream alone; the session watches over the rest
  model::Zxid last_zxid_seen = 0;
  std::vector<Credential> credentials;  // to be presented before any request
};

// After OnOpened: Send() and the others. Nothing blocks; writes that are sent in one turn of the
// executor leave together.
class Link {
 public:
  virtual ~Link() = default;
  virtual void Open(const Hello& hello) = 0;
  virtual void Send(const model::WriteOperation& operation) = 0;  // closeSession too
  // Not a ping or what RestoreWatches() sends. Events of watches added by name come as others do.
  virtual void Send(const model::ReadOperation& operation) = 0;
  virtual void SendCredential(const Credential& credential) = 0;
  virtual void RestoreWatches(const model::SetWatchesRequest& watches) = 0;
  virtual void SendHeartbeat() = 0;
  // Ends the connection; no handler call follows.
  virtual void Close() = 0;
};

using LinkFactory =
    absl::AnyInvocable<std::unique_ptr<Link>(const Address& server, LinkHandler* handler)>;

}  // namespace rookery::client
