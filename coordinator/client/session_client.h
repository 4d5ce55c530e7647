// The session behind both transports: keeps it over reconnects, queues what cannot leave yet, fails
// what was lost, restores watches and credentials. No I/O: links, timers and the clock are given.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/ring.h"
#include "coordinator/client/client.h"
#include "coordinator/client/link.h"
#include "coordinator/client/server_list.h"
#include "coordinator/client/state_listeners.h"
#include "coordinator/client/watch_table.h"

namespace rookery::client {

class SessionClient final : public Client, private LinkHandler {
 public:
  // `executor` and `clock` outlive the client; so does whatever `factory` uses.
  SessionClient(Executor* executor, const Clock* clock, LinkFactory factory, Options options);
  ~SessionClient() override;

  void Connect() override;
  void Close(absl::AnyInvocable<void()> done) override;
  void Submit(Operation operation, Watch watch, Answer done, int32_t timeout_ms) override;
  void AddCredential(Credential credential,
                     absl::AnyInvocable<void(model::ErrorCode)> done) override;

  uint64_t Listen(absl::AnyInvocable<void(SessionState)> listener) override {
    return listeners_.Add(std::move(listener));
  }
  void Forget(uint64_t listener) override { listeners_.Remove(listener); }
  Executor* executor() const override { return executor_; }

  SessionState state() const override { return state_; }
  model::SessionId session() const override { return session_; }
  const std::string& password() const override { return password_; }
  int32_t timeout_ms() const override { return timeout_ms_; }
  model::Zxid last_zxid() const override { return last_zxid_; }
  Address server() const override { return servers_.Current(); }
  std::string last_failure() const override { return last_failure_; }

 private:
  struct KnownCredential {
    Credential credential;
    absl::AnyInvocable<void(model::ErrorCode)> done;  // null once told
  };
  // What a request makes of the watches on a path, if it is answered well.
  struct WatchWish {
    Watch watch;  // null: takes away those of the kind
    WatchKind kind = WatchKind::kData;
    std::string path;  // the server's
  };
  static std::unique_ptr<WatchWish> WishOf(model::ReadOperation* read, Watch watch);
  // What becomes of a request's answer, from Submit() on. Small, since it moves in and out of a
  // queue: few requests ask for a watch.
  struct Request {
    Answer done;                       // null once answered, by a timeout
    std::unique_ptr<WatchWish> watch;  // may be null
    int64_t deadline_us = 0;           // 0: none
    bool write = false;
    bool close = false;
  };
  // One that has not left yet.
  struct Waiting {
    Operation operation;
    Request request;
  };

  // LinkHandler
  void OnOpened(Opened opened) override;
  void OnReply(model::Reply&& reply) override;
  void OnCredential(model::ErrorCode error) override;
  void OnEvent(const model::Event& event) override;
  void OnHeard() override;
  void OnClosed(absl::Status why) override;

  void TryServer();
  void LoseLink(absl::string_view why);
  void RetireLink();
  void Enqueue(Operation&& operation, Request&& request);
  // Of a request that was answered with `error`, if that fulfils it.
  void Fulfil(model::ErrorCode error, WatchWish&& wish);
  void Send(const Operation& operation, Request&& request);
  void Finish(SessionState state, model::ErrorCode error);
  void FailSent(model::ErrorCode error);
  void FailQueued(model::ErrorCode error);
  void SetState(SessionState state);
  void TellState();
  // What a call gets once the client is in a final state.
  model::ErrorCode FinalError() const;
  int64_t TickUs() const;
  void ArmTick(int64_t now_us);
  void Tick();
  // When a request that begins now is late.
  int64_t DeadlineUs(int32_t timeout_ms) const;
  // Wakes up at the earliest deadline of those that it was called for.
  void ArmDeadline(int64_t deadline_us);
  void ExpireRequests();
  bool Connected() const {
    return state_ == SessionState::kConnected || state_ == SessionState::kConnectedReadOnly;
  }
  int64_t HandshakeTimeoutUs() const;
  // Runs `task` later unless the client is gone by then.
  void Later(Task task);

  Executor* executor_;
  const Clock* clock_;
  LinkFactory factory_;
  Options options_;
  ServerList servers_;

  SessionState state_ = SessionState::kNotConnected;
  StateListeners listeners_;
  bool closing_ = false;
  std::vector<absl::AnyInvocable<void()>> close_waiters_;

  model::SessionId session_;
  std::string password_;
  int32_t timeout_ms_;
  model::Zxid last_zxid_ = 0;

  std::string last_failure_;
  // Null between a lost connection and the next try.
  std::unique_ptr<Link> link_;
  TimerId retry_timer_ = 0;
  TimerId tick_timer_ = 0;
  int64_t next_tick_us_ = 0;  // of tick_timer_
  TimerId deadline_timer_ = 0;
  int64_t next_deadline_us_ = 0;  // of deadline_timer_
  int64_t opened_at_us_ = 0;      // when the present link was begun
  int64_t connected_at_us_ = 0;
  int64_t heard_at_us_ = 0;
  int64_t sent_at_us_ = 0;
  // The two above, for requests, replies and events, are as late as the next tick: the clock is not
  // asked for each.
  bool heard_since_tick_ = false;
  bool asked_since_tick_ = false;
  int64_t close_deadline_us_ = 0;  // 0: no close was sent

  // Both in the order of submission. Invariant: queued_ is empty while connected, once the
  // observer has been told.
  Ring<Waiting> queued_;
  Ring<Request> sent_;
  std::vector<KnownCredential> credentials_;
  size_t credentials_presented_ = 0;  // on this link, from the first
  size_t credentials_answered_ = 0;
  WatchTable watches_;

  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::client
