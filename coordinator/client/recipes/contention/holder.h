// What locks and elections have in common for their users: enter a line, be told when it is one's
// turn, hold it, let go or lose it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/client/recipes/contention/contender.h"

namespace rookery::client::recipes {

struct Holding {
  std::string node;  // the path of the node that stands for it
  // The fencing token: rises from holder to holder. Whatever the lock protects refuses a token that
  // is smaller than one it has seen.
  model::Zxid token = 0;
};

enum class HoldEvent {
  kHeld,
  // The connection is lost while it is held: others may get it as soon as the session's timeout is
  // over, so begin nothing new. kHeld follows where the session lives on, kLost otherwise.
  kInDoubt,
  // Somebody asks for it back (Revoke): let go when it is convenient.
  kRevocationWanted,
  // It is not held any more, without a Release: the session ended or somebody deleted the node.
  kLost,
};

struct HolderOptions {
  NameStyle style = NameStyle::kCurator;
  std::string identifier;  // the node's data: who we are, for people and for Contenders()
  model::Acl acl = *model::OpenAcl();
};

// One executor, the client's. Ends before the client; ending lets go, without waiting for it.
class Holder {
 public:
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  // Hears of every HoldEvent from now on; may call any method but may not destroy the holder.
  void Observe(absl::AnyInvocable<void(HoldEvent)> observer) { observer_ = std::move(observer); }

  // Waits up to `wait_ms`, for ever if it is negative. Destroying the coroutine gives up.
  // FailedPrecondition: it is held, or being asked for, by this object; DeadlineExceeded: not in
  // time, and its node goes as soon as a server is reached; Cancelled: Release() came first;
  // Aborted: the session is over; and what ToStatus() says.
  Async<absl::StatusOr<Holding>> Acquire(int64_t wait_ms);
  // Lets go, or gives up waiting; done when the node is gone. Ok too if there is nothing to let go.
  // Aborted: the session is over, and the node is gone or goes with it.
  Async<absl::Status> Release();

  // It is held or being asked for.
  bool stands() const { return contender_ != nullptr && !contender_->final(); }
  bool held() const { return contender_ && contender_->state() == Contender::State::kHolding; }
  // Of the present hold. REQUIRES: held().
  Holding holding() const;

  // Who stands in the line, in order, by their identifiers; the first holds it, or the first few.
  Async<absl::StatusOr<std::vector<std::string>>> Contenders();
  // Asks the first of the line for it back. Source: Curator's Revoker; kazoo's locks do not hear of
  // it.
  Async<absl::Status> Revoke();

 protected:
  // `words`: of all nodes in this line, ours and others.
  Holder(Client* client, std::string path, Line line, std::vector<std::string> words,
         HolderOptions options);
  ~Holder();

 private:
  // Lets go of the contender unless it was dismissed.
  struct GivesUp;
  void OnState(Contender::State state);
  void OnSession(SessionState state);
  void Tell(HoldEvent event);
  void Drop();

  Client* const client_;
  const std::string path_;
  const Line line_;
  const std::vector<std::string> words_;
  const HolderOptions options_;
  absl::AnyInvocable<void(HoldEvent)> observer_;
  std::shared_ptr<Contender> contender_;
  Operations operations_;
  uint64_t listener_ = 0;
  bool in_doubt_ = false;
  std::shared_ptr<Holder*> self_;  // the contender's callbacks hold it weakly
};

}  // namespace rookery::client::recipes
