// A client of the coordinator: one session, kept over reconnects to any server of the ensemble,
// with asynchronous operations and watches. Both transports (client/zookeeper, client/grpc) give
// this interface; blocking.h wraps it for code that may wait.
//
// Threads: everything runs on the executor that the client was made for: methods are called there,
// and results, watch events and state changes come there, in the order of the session, never from
// inside a method of the client. A callback may call any method, but may not destroy the client.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/client/answer.h"
#include "coordinator/client/result.h"
#include "coordinator/model/error_code.h"
#include "coordinator/model/event.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/request.h"

namespace rookery::client {

enum class SessionState {
  kNotConnected,  // before Connect()
  kConnecting,    // looking for a server, for the first time or again
  kConnected,
  kConnectedReadOnly,
  kExpired,     // final: the ensemble ended the session; its ephemeral nodes are gone
  kAuthFailed,  // final: a credential was refused
  kClosed,      // final: Close() is done
};
absl::string_view StateName(SessionState state);  // "CONNECTED", "EXPIRED", ...
// True for kExpired, kAuthFailed and kClosed: the client answers every call with an error from now
// on.
bool IsFinal(SessionState state);

// "digest" or "sasl" (a login by DIGEST-MD5, over ZooKeeper's protocol), and "user:password".
struct Credential {
  std::string scheme;
  std::string auth;
};

// What a watch tells: once, or again and again if AddWatch() left it.
struct WatchEvent {
  enum class Kind {
    kCreated,
    kDeleted,
    kDataChanged,
    kChildrenChanged,
    kReconnected,  // of a watch that stays: what happened without a connection is not told
    kSessionLost,  // the session is over and nothing more will be told of the node
  };
  Kind kind = Kind::kSessionLost;
  std::string path;
  model::Zxid zxid = -1;  // of the change; -1 where the server does not say
};
absl::string_view EventName(WatchEvent::Kind kind);  // "NodeCreated", ..., "SessionLost"
WatchEvent::Kind KindOf(model::EventType type);
using Watch = absl::AnyInvocable<void(const WatchEvent&)>;

using Operation = std::variant<model::WriteOperation, model::ReadOperation>;

struct Options {
  std::vector<Address> servers;  // at least one; tried in an order drawn from `seed`
  std::string chroot;            // "" or "/a/b": put in front of every path, taken off answers
  int32_t session_timeout_ms = 18000;  // wanted; the server may clamp it
  int32_t connect_timeout_ms = 0;      // per server; 0: a share of the session's timeout
  // How long a request may wait for a connection and its answer; 0: for ever.
  int32_t request_timeout_ms = 30000;
  // Requests taken and not answered; further ones are answered with ConnectionLoss, not applied.
  size_t requests_max = 1000000;
  // Wait before all servers are tried again, doubled each time up to the maximum, with jitter.
  int32_t backoff_min_ms = 20;
  int32_t backoff_max_ms = 1000;
  uint64_t seed = 0;
  std::vector<Credential> credentials;  // presented on every connection
  // A session to take up instead of a new one.
  model::SessionId session = 0;
  std::string password;
  absl::AnyInvocable<void(SessionState)> observer;  // may be null; every change, in order
};

class Client {
 public:
  // Ends the connection without closing the session. Callbacks that were not called never will be.
  virtual ~Client() = default;

  // Begins to look for a server, and goes on until a final state. REQUIRES: called once.
  virtual void Connect() = 0;
  // Closes the session after everything submitted before is answered; `done` (may be null) comes
  // when it is over, closed or not. Later submissions are answered with SessionExpired. A second
  // call does nothing but report.
  virtual void Close(absl::AnyInvocable<void()> done) = 0;

  // As options.request_timeout_ms says.
  static constexpr int32_t kTimeoutOfOptions = -1;

  // One operation, which waits at most `timeout_ms` (half a second more from 10,000 on) for a
  // connection and its answer; 0: for ever. With a `watch`, which may be null, a read of getData,
  // getChildren or exists asks for it, whatever its own flag says; if it answers Ok, or an exists
  // NoNode, the watch is registered: only then is it called, exactly once.
  // Errors of this side: ConnectionLoss (see Result::maybe_applied), OperationTimeout,
  // SessionExpired, AuthFailed.
  // REQUIRES: not an open, attach, close or ping, which the client does itself, nor what AddWatch()
  // and RemoveWatch() send.
  virtual void Submit(Operation operation, Watch watch, Answer done,
                      int32_t timeout_ms = kTimeoutOfOptions) = 0;

  // Presents a credential now and on every later connection. AuthFailed ends the session's use.
  virtual void AddCredential(Credential credential,
                             absl::AnyInvocable<void(model::ErrorCode)> done) = 0;

  // Hears of every change of state from now on, in order, after options.observer; until it is
  // forgotten by the number that this returns. Both may be called by any callback.
  virtual uint64_t Listen(absl::AnyInvocable<void(SessionState)> listener) = 0;
  virtual void Forget(uint64_t listener) = 0;

  // Where everything of this client runs; lives longer than the client.
  virtual Executor* executor() const = 0;
  // A number that no other call of this client returns: for names that must differ.
  uint64_t NextNumber() { return ++numbers_; }

  virtual SessionState state() const = 0;
  virtual model::SessionId session() const = 0;  // 0 before the first connection
  virtual const std::string& password() const = 0;
  virtual int32_t timeout_ms() const = 0;     // granted
  virtual model::Zxid last_zxid() const = 0;  // newest seen
  virtual Address server() const = 0;         // connected to, or last tried
  // Why the last connection ended or could not be made, with the server's name; "" if none did.
  virtual std::string last_failure() const = 0;

  // Submit() by name.
  void Create(model::CreateRequest request, Done<model::CreateReply> done,
              int32_t timeout_ms = kTimeoutOfOptions);
  void Delete(model::DeleteRequest request, Done<model::EmptyReply> done,
              int32_t timeout_ms = kTimeoutOfOptions);
  void SetData(model::SetDataRequest request, Done<model::StatReply> done,
               int32_t timeout_ms = kTimeoutOfOptions);
  void SetAcl(model::SetAclRequest request, Done<model::StatReply> done,
              int32_t timeout_ms = kTimeoutOfOptions);
  // If a part failed, the result's error is that part's and the value tells of every part.
  void Multi(model::MultiRequest request, Done<model::MultiReply> done,
             int32_t timeout_ms = kTimeoutOfOptions);
  void Exists(std::string path, Watch watch, Done<model::StatReply> done,
              int32_t timeout_ms = kTimeoutOfOptions);
  void GetData(std::string path, Watch watch, Done<model::DataReply> done,
               int32_t timeout_ms = kTimeoutOfOptions);
  void GetChildren(std::string path, Watch watch, Done<model::ChildrenReply> done,
                   int32_t timeout_ms = kTimeoutOfOptions);
  void GetAcl(std::string path, Done<model::AclReply> done, int32_t timeout_ms = kTimeoutOfOptions);
  // Leaves a watch that stays, on a node that need not exist: `watch` is called for every change
  // until RemoveWatch() or the end of the session. The client arms it again after a reconnect and
  // tells so (kReconnected), since nobody tells what happened meanwhile.
  void AddWatch(std::string path, model::WatchMode mode, Watch watch,
                Done<model::AddWatchReply> done, int32_t timeout_ms = kTimeoutOfOptions);
  // Takes all of this client's watches of that mode away from exactly this path; they are not
  // called any more once it answers Ok. NoWatcher: there were none.
  void RemoveWatch(std::string path, model::WatchMode mode, Done<model::EmptyReply> done,
                   int32_t timeout_ms = kTimeoutOfOptions);
  // Ok: this server has applied everything committed before the call.
  void Sync(std::string path, Done<model::SyncReply> done, int32_t timeout_ms = kTimeoutOfOptions);

 private:
  uint64_t numbers_ = 0;
};

}  // namespace rookery::client
