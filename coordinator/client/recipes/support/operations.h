// A session as recipes see it: what is asked goes on over lost connections and late answers until
// the session is over, and a create finds the node that an earlier try of its own made.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/coroutine/async.h"
#include "coordinator/client/client.h"

namespace rookery::client::recipes {

// What an operation on `path` came to, for people: NoAuth is PermissionDenied, an ended session
// Aborted, NoNode NotFound, and so on. `error` is not Ok.
absl::Status ToStatus(model::ErrorCode error, absl::string_view path);

// All calls on the client's executor. Each answer is that of a server, or SessionExpired or
// AuthFailed: ConnectionLoss and OperationTimeout never reach the caller.
//
// A recipe may go while an operation of it is under way whose answer it must still clean up after.
// So `owner`, which owns the coroutine that awaits the operation, is kept until the answer is
// there; without one, the coroutine must not outlive the client.
class Operations {
 public:
  // Called for each event; may be called more than once where a request was repeated.
  using RepeatedWatch = std::function<void(const WatchEvent&)>;

  explicit Operations(Client* client) : client_(client) {}
  void SetOwner(std::weak_ptr<void> owner) { owner_ = std::move(owner); }
  Client* client() const { return client_; }

  Async<Result<model::StatReply>> Exists(std::string path, RepeatedWatch watch = nullptr);
  Async<Result<model::DataReply>> GetData(std::string path, RepeatedWatch watch = nullptr);
  Async<Result<model::ChildrenReply>> GetChildren(std::string path, RepeatedWatch watch = nullptr);
  Async<Result<model::SyncReply>> Sync(std::string path);

  // One try: a write whose repetition would not be harmless. Error ConnectionLoss or
  // OperationTimeout only with maybe_applied; where it surely was not applied, it is repeated.
  Async<Result<model::CreateReply>> Create(model::CreateRequest request);
  // The same, and makes the parents where they are missing: they may be containers, which servers
  // delete when they are empty, also right after they were seen.
  Async<Result<model::CreateReply>> CreateWithParents(model::CreateRequest request);
  Async<Result<model::StatReply>> SetData(model::SetDataRequest request);
  Async<Result<model::EmptyReply>> DeleteOnce(model::DeleteRequest request);
  Async<Result<model::MultiReply>> Multi(model::MultiRequest request);

  // Whatever its version. NoNode is Ok where an earlier try may have deleted it.
  Async<Result<model::EmptyReply>> Delete(std::string path);
  // Persistent nodes down to `path`, with `acl` where they are missing. "" and "/" are there.
  Async<model::ErrorCode> EnsurePath(std::string path, model::Acl acl);

  // An ephemeral node of that name. NodeExists only if it is another's: after a lost answer this
  // session's own is known again by its owner. No two users of one session share a name. Parents
  // are made.
  Async<model::ErrorCode> CreateEphemeral(model::CreateRequest request);

  struct Made {
    std::string name;  // without its parent
    model::Zxid czxid = 0;
  };
  // Creates `parent`/`prefix`, to which a sequence number is added. `prefix` stands at the start
  // of no other node's name: so after a lost answer the node is recognized. Parents are made.
  // Source: the same trick is Curator's withProtection.
  Async<Result<Made>> CreateSequential(std::string parent, std::string prefix, model::Data data,
                                       model::Acl acl, int32_t flags);

  // Answers when all that this session asked before is decided, whichever server decides it: a
  // sync is answered after what went before on its connection, and a newer connection's attach ends
  // what the older one had under way.
  Async<model::ErrorCode> Settle(std::string path);

 private:
  template <typename Value>
  using Start = std::function<void(Done<Value>)>;
  template <typename Value>
  Async<Result<Value>> Once(Start<Value> start);
  template <typename Value>
  Async<Result<Value>> Repeat(Start<Value> start);
  // Until it was answered or may have been applied.
  template <typename Value>
  Async<Result<Value>> Try(Start<Value> start);
  template <typename Reply>
  using WatchedRead = void (Client::*)(std::string path, Watch, Done<Reply>, int32_t timeout_ms);
  template <typename Reply>
  Async<Result<Reply>> Read(WatchedRead<Reply> read, std::string path, RepeatedWatch watch);
  template <typename Reply, typename Request>
  Async<Result<Reply>> Write(void (Client::*write)(Request, Done<Reply>, int32_t timeout_ms),
                             Request request);

  Client* const client_;
  std::weak_ptr<void> owner_;
};

// "/a" and "b" give "/a/b", "/" and "b" give "/b".
std::string Join(absl::string_view parent, absl::string_view name);

}  // namespace rookery::client::recipes
