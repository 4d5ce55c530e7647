// A client for code that may wait: tools, tests, and programs that have a thread for it. It owns
// the thread on which the asynchronous client lives, and what is made there with Make().
#pragma once

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "coordinator/base/coroutine/async.h"
#include "coordinator/base/net/asio_core.h"
#include "coordinator/client/client.h"

namespace rookery::client {

// Any thread may call any method, but not from inside a watch or an observer, which run on the
// client's own thread and must not wait.
class BlockingClient {
 public:
  using MakeClient =
      absl::AnyInvocable<absl::StatusOr<std::unique_ptr<Client>>(AsioCore* core, Options options)>;
  // `make` is called once, before this returns; its error is handed on. options.request_timeout_ms
  // bounds every call.
  static absl::StatusOr<std::unique_ptr<BlockingClient>> Create(MakeClient make, Options options);
  // Closes the session if that was not done.
  ~BlockingClient();

  // Begins to connect and waits for the first connection. False: none within `wait_ms`, or a final
  // state; trying goes on in the former case. REQUIRES: called once.
  bool Connect(int64_t wait_ms);
  // Closes the session and waits for it.
  void Close();
  // Waits until `state` is reached. False: not within `wait_ms`.
  bool WaitForState(SessionState state, int64_t wait_ms);

  static constexpr int32_t kTimeoutOfOptions = Client::kTimeoutOfOptions;

  // As Client's; each returns within `timeout_ms`, unless that is 0.
  Result<model::CreateReply> Create(model::CreateRequest request,
                                    int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::EmptyReply> Delete(model::DeleteRequest request,
                                   int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::StatReply> SetData(model::SetDataRequest request,
                                   int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::StatReply> SetAcl(model::SetAclRequest request,
                                  int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::MultiReply> Multi(model::MultiRequest request,
                                  int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::StatReply> Exists(std::string path, Watch watch = nullptr,
                                  int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::DataReply> GetData(std::string path, Watch watch = nullptr,
                                   int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::ChildrenReply> GetChildren(std::string path, Watch watch = nullptr,
                                           int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::AddWatchReply> AddWatch(std::string path, model::WatchMode mode, Watch watch,
                                        int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::EmptyReply> RemoveWatch(std::string path, model::WatchMode mode,
                                        int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::AclReply> GetAcl(std::string path, int32_t timeout_ms = kTimeoutOfOptions);
  Result<model::SyncReply> Sync(std::string path, int32_t timeout_ms = kTimeoutOfOptions);
  // OperationTimeout: no server has answered within options.request_timeout_ms; the credential will
  // still be presented.
  model::ErrorCode AddCredential(Credential credential);

  SessionState state() const;
  model::SessionId session() const;
  Address server() const;

  // Runs a coroutine on the client's thread and waits for its end: every recipe's operations are
  // such. It is over for good when the client's session is, so what waits for ever should be asked
  // to wait for a while, again and again.
  template <typename Value>
  Value Await(Async<Value> work);

  // An object of the client's thread: made there as Object(client, arguments...), and destroyed
  // there. It ends before this.
  template <typename Object>
  struct OnThread {
    const BlockingClient* client = nullptr;
    void operator()(Object* object) const {
      client->WithClient([object](Client&) { delete object; });
    }
  };
  template <typename Object>
  using Made = std::unique_ptr<Object, OnThread<Object>>;
  template <typename Object, typename... Arguments>
  Made<Object> Make(Arguments&&... arguments);

  // Runs `use` on the client's thread and waits for it: for what has no method here.
  void WithClient(absl::AnyInvocable<void(Client&)> use) const;

 private:
  explicit BlockingClient(std::string thread_name);
  template <typename Value>
  Result<Value> Call(absl::AnyInvocable<void(Client&, Done<Value>)> start);
  template <typename Value, typename Request>
  Result<Value> Ask(void (Client::*ask)(Request, Done<Value>, int32_t), Request request,
                    int32_t timeout_ms);
  template <typename Value>
  Result<Value> Read(void (Client::*read)(std::string, Watch, Done<Value>, int32_t),
                     std::string path, Watch watch, int32_t timeout_ms);

  mutable AsioCore core_;
  std::unique_ptr<Client> client_;  // touched on core_ only, but made and destroyed elsewhere

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  SessionState state_ = SessionState::kNotConnected;  // guarded by mutex_
  absl::AnyInvocable<void(SessionState)> observer_;
  int32_t request_timeout_ms_ = 0;  // 0: for ever
};

template <typename Value>
Value BlockingClient::Await(Async<Value> work) {
  struct Runs {
    static Async<> Run(Async<Value> work, std::promise<Value>* done) {
      done->set_value(co_await work);
    }
  };
  std::promise<Value> done;
  Scope scope;
  core_.Post([&] { scope.Spawn(Runs::Run(std::move(work), &done)); });
  Value value = done.get_future().get();
  // The coroutine told us from its last turn, and is over when that is.
  WithClient([&scope](Client&) { scope.Clear(); });
  return value;
}

template <typename Object, typename... Arguments>
BlockingClient::Made<Object> BlockingClient::Make(Arguments&&... arguments) {
  Object* object = nullptr;
  WithClient(
      [&](Client& client) { object = new Object(&client, std::forward<Arguments>(arguments)...); });
  return Made<Object>(object, OnThread<Object>{this});
}

}  // namespace rookery::client
