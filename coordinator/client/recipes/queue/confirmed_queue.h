// A queue whose items come back if their consumer dies before it confirms them.
//
//   PATH
//   +- entries
//   |  +- entry-100-0000000007   data: the item
//   +- taken
//      +- entry-100-0000000007   ephemeral: its consumer's
//
// Guarantees. An item that was put is confirmed once, by a consumer whose session held it from
// Take() to Confirm(): none is lost, none confirmed twice. What a consumer does with an item before
// it confirms may be done again by the next, if its session ends meanwhile.
//
// Interoperates with kazoo's LockingQueue.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/client/recipes/queue/entries.h"

namespace rookery::client::recipes {

// Lives on the client's executor, and ends before the client. One item at a time.
class ConfirmedQueue {
 public:
  ConfirmedQueue(Client* client, std::string path, model::Acl acl = *model::OpenAcl());
  ConfirmedQueue(const ConfirmedQueue&) = delete;
  ConfirmedQueue& operator=(const ConfirmedQueue&) = delete;
  // Gives back what is not confirmed, without waiting for it.
  ~ConfirmedQueue();

  // PutEntry() says what it may answer.
  Async<absl::Status> Put(std::string item, int priority = kDefaultPriority);
  // The item that is taken already, if there is one; otherwise waits for one. DeadlineExceeded:
  // there was none within `wait_ms` (negative: no end).
  Async<absl::StatusOr<std::string>> Take(int64_t wait_ms);
  // The item is done with. FailedPrecondition: none is taken; Aborted: it was no longer ours, and
  // somebody else has it or will.
  Async<absl::Status> Confirm();
  // Somebody else shall have it. Errors as Confirm().
  Async<absl::Status> GiveBack();

 private:
  // Takes the first that nobody has; NotFound if there is none.
  Async<absl::Status> TakeFirst(std::vector<std::string> entries);
  Async<absl::Status> EndTake(model::MultiRequest request);
  std::string EntryPath() const { return Join(Join(path_, "entries"), entry_); }
  std::string TakenPath() const { return Join(Join(path_, "taken"), entry_); }

  Client* const client_;
  const std::string path_;
  const model::Acl acl_;
  Operations operations_;
  std::string entry_;  // the name of the item that is taken; "" if there is none
  std::string item_;
};

}  // namespace rookery::client::recipes
