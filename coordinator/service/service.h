// The whole journey of a request at one server: doors submit here, the agreed order comes back
// here, and replies, events and reads leave in the order that ZooKeeper promises (DESIGN section
// 2). Core executor only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/acl.h"
#include "coordinator/model/event.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/request.h"
#include "coordinator/service/statistics.h"
#include "coordinator/store/node_store.h"

namespace rookery::service {

using ConnectionId = uint64_t;

// Why a connection's session is no longer its own.
enum class Farewell {
  kClosed,      // closeSession was applied; its reply has been given
  kExpired,     // the session ended under it
  kMoved,       // the session was attached elsewhere, or a write came too late
  kNotServing,  // this server lost the ensemble, or is shutting down
};

// A door's connection. All calls come in the order that the client must see.
class Client {
 public:
  virtual ~Client() = default;
  // The answer to Open or Attach; session 0 and timeout 0 when refused (kSessionExpired).
  virtual void OnSession(const model::Reply& reply) = 0;
  // The answer to the oldest unanswered request. `tag` as submitted.
  virtual void OnReply(uint64_t tag, model::Reply reply) = 0;
  // A watch fired; before every reply that could show the change.
  virtual void OnEvent(const model::Event& event) = 0;
  // The last call. The door closes the connection after what it has queued.
  virtual void OnFarewell(Farewell why) = 0;
};

// What the door knows of a connection beside its session.
struct ConnectionFacts {
  std::string peer;  // "127.0.0.1:4711", for people
  model::Credentials credentials;
};

class Service {
 public:
  virtual ~Service() = default;

  // True while clients may be served: the newest incarnation is granted and a barrier after it
  // passed.
  virtual bool Serving() const = 0;

  // A connection that has said hello. `client` is called until OnFarewell or Disconnect.
  // REQUIRES: Serving().
  virtual ConnectionId Connect(Client* client, ConnectionFacts facts) = 0;
  // The connection is gone (no farewell follows). Its watches are forgotten; the session lives on.
  virtual void Disconnect(ConnectionId connection) = 0;
  // The same, and it was the client's side that ended it: the end of its input, or a reset.
  virtual void ClientEnded(ConnectionId connection) = 0;
  // A client asked for this session, and the door refused it without AttachSession.
  virtual void AttachRefused(model::SessionId session) = 0;
  virtual void SetCredentials(ConnectionId connection, model::Credentials credentials) = 0;

  // Opens a new session, or moves one here. The timeout is clamped already. OnSession answers.
  // Attach: `last_zxid_seen` is compared when the attach is applied here; a client from the future
  // gets OnFarewell(kNotServing) without a reply, as ZooKeeper does.
  virtual void OpenSession(ConnectionId connection, int32_t timeout_ms) = 0;
  virtual void AttachSession(ConnectionId connection, model::SessionId session,
                             std::string password, int32_t timeout_ms,
                             model::Zxid last_zxid_seen) = 0;

  // Requests of a connection are taken up in the order of these calls and answered in it.
  // REQUIRES: OnSession said yes.
  virtual void Write(ConnectionId connection, uint64_t tag, model::WriteOperation operation) = 0;
  virtual void Read(ConnectionId connection, uint64_t tag, model::ReadOperation operation) = 0;

  // The client was heard without a request (ping of a protocol that has its own).
  virtual void Touch(ConnectionId connection) = 0;

  // Bytes of requests taken and not yet answered; doors stop reading above a limit.
  virtual size_t PendingBytes(ConnectionId connection) const = 0;

  // True while so much is waiting for answers that doors should read no more from connections that
  // wait for one themselves.
  virtual bool Congested() const = 0;

  virtual model::Zxid LastZxid() const = 0;

  // For people and their tools: plain values, as of now.
  virtual Statistics GetStatistics() const = 0;
  // All sessions of the ensemble, by id.
  virtual std::vector<SessionInfo> Sessions() const = 0;

  // --- Without a session (gRPC's unary calls, Watch and Scan). REQUIRES: Serving().

  using OnReply = absl::AnyInvocable<void(absl::StatusOr<model::Reply>)>;
  // One write; ephemeral modes and session operations are kBadArguments. Unavailable: this server
  // stopped serving before the answer; the write may have been applied. ResourceExhausted: too much
  // waits, nothing was done.
  virtual void WriteOnce(model::Credentials credentials, model::WriteOperation operation,
                         OnReply done) = 0;
  // One read, after a barrier of the log if `linearizable`.
  virtual void ReadOnce(model::Credentials credentials, model::ReadOperation operation,
                        bool linearizable, OnReply done) = 0;

  // Several reads of one zxid, each as a caller's own.
  class Reads {
   public:
    virtual ~Reads() = default;
    virtual model::Reply Read(const model::ReadOperation& operation) = 0;
  };
  using ReadBody = absl::AnyInvocable<void(Reads&)>;
  using OnRead = absl::AnyInvocable<void(absl::StatusOr<model::Zxid>)>;
  // Runs `body` within one turn, after a barrier of the log, and tells the zxid of what it read. If
  // it met nodes that were not in memory, which read as absent, they are brought in and it runs
  // again from its beginning: what it keeps of an earlier run it has to replace. It holds the core
  // up, so it reads a bounded number of nodes.
  virtual void ReadTogether(model::Credentials credentials, ReadBody body, OnRead done) = 0;

  // Follows nodes with their data and children until Disconnect or OnFarewell, with persistent
  // watches. `armed` gets the zxid after which every change is told through `client`.
  virtual ConnectionId Follow(Client* client, ConnectionFacts facts, std::vector<std::string> paths,
                              absl::AnyInvocable<void(model::Zxid)> armed) = 0;

  // A frozen view of all nodes for scans, and the zxid it stands for.
  struct FrozenTree {
    std::shared_ptr<store::NodeStore::View> view;
    model::Zxid zxid = 0;
  };
  virtual void OpenView(absl::AnyInvocable<void(absl::StatusOr<FrozenTree>)> done) = 0;
};

}  // namespace rookery::service
