// One place in a line: from the creation of its node until it is left or lost. Locks and elections
// are made of it.
#pragma once

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "coordinator/base/coroutine/signal.h"
#include "coordinator/client/recipes/contention/line.h"
#include "coordinator/client/recipes/support/operations.h"

namespace rookery::client::recipes {

// Lives on the client's executor, and ends before the client. Whoever lets go of the pointer while
// it is in the line calls Leave() before and need not wait: it goes on by itself until its node is
// deleted, or the client is gone.
class Contender : public std::enable_shared_from_this<Contender> {
 public:
  enum class State {
    kEntering,  // its node is being made
    kWaiting,   // somebody is before it
    kHolding,   // nobody is
    kLeft,      // final: by Leave(), the node is gone
    kLost,      // final: the session is over, or the node was deleted by somebody else, or could
                // not be made; why() says it
  };
  struct Observer {
    // Every change of the state. May let go of the contender.
    absl::AnyInvocable<void(State)> on_state;
    // While it holds: somebody has written `data` into its node.
    absl::AnyInvocable<void(const model::Data& data)> on_written;
  };

  // Enters the line below `parent`, which is made if it is not there. `data` is the node's.
  static std::shared_ptr<Contender> Enter(Client* client, std::string parent, Line line,
                                          model::Data data, model::Acl acl, Observer observer);
  Contender(const Contender&) = delete;
  Contender& operator=(const Contender&) = delete;

  // Deletes the node, as soon as it is known. kLeft or kLost follows.
  void Leave();

  State state() const { return state_; }
  bool final() const { return state_ == State::kLeft || state_ == State::kLost; }
  const absl::Status& why() const { return why_; }
  const std::string& node() const { return node_; }  // the name; "" while it is entering
  // The zxid that made the node: it rises along the line, so that of two holders the later one has
  // the greater. 0 while it is entering.
  model::Zxid token() const { return token_; }
  // The state has changed.
  Signal& changed() { return changed_; }

 private:
  Contender(Client* client, std::string parent, Line line, model::Data data, model::Acl acl,
            Observer observer);
  Async<> Run();
  Async<> StandInLine();
  // Waits behind `before`, or while it holds if that is empty, until something happened.
  Async<model::ErrorCode> WaitBehind(std::string before);
  Async<> Depart();
  void Set(State state, absl::Status why = absl::OkStatus());
  // For a watch: does nothing once we are gone.
  Operations::RepeatedWatch Wake();

  Client* const client_;
  const std::string parent_;
  const Line line_;
  const model::Data data_;
  const model::Acl acl_;
  Observer observer_;
  Operations operations_;
  State state_ = State::kEntering;
  absl::Status why_;
  std::string node_;
  model::Zxid token_ = 0;
  bool leaving_ = false;
  int32_t version_ = 0;  // of the node's data, as told
  uint64_t news_ = 0;    // counts watch events
  Signal told_;          // of news
  Signal changed_;
  Scope scope_;
};

}  // namespace rookery::client::recipes
