// A barrier that `members` enter together and leave together: nobody is in before all have come,
// nobody is out before all want to leave.
//
//   PATH
//   +- _c_..-     one for each member; ephemeral, data: its identifier
//   +- ready      made by whoever completes the number
//
// Guarantees. Enter() answers Ok to all that came, or, where the number was never complete, to
// none; but a member that has no connection while the barrier opens, and until somebody leaves, may
// be told DeadlineExceeded. A member whose session ends does not hold up those that leave. The
// barrier may be used again when all have left, or died.
//
// Interoperates with Curator's DistributedDoubleBarrier and kazoo's DoubleBarrier.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "coordinator/client/recipes/support/operations.h"

namespace rookery::client::recipes {

struct DoubleBarrierOptions {
  std::string identifier;
  model::Acl acl = *model::OpenAcl();
};

// Lives on the client's executor, and ends before the client; one Enter() or Leave() at a time.
class DoubleBarrier {
 public:
  // REQUIRES: members > 0, and the same for all.
  DoubleBarrier(Client* client, std::string path, size_t members,
                DoubleBarrierOptions options = DoubleBarrierOptions());
  DoubleBarrier(const DoubleBarrier&) = delete;
  DoubleBarrier& operator=(const DoubleBarrier&) = delete;
  // Takes its node away, without waiting for it.
  ~DoubleBarrier();

  // DeadlineExceeded: not all came within `wait_ms` (negative: no end), and we have stood back.
  Async<absl::Status> Enter(int64_t wait_ms);
  // DeadlineExceeded: some are still in; call it again. FailedPrecondition: we are not in.
  Async<absl::Status> Leave(int64_t wait_ms);

 private:
  Async<absl::Status> Complete();
  Async<absl::Status> StandBack(absl::Status why);
  std::string ReadyPath() const { return Join(path_, "ready"); }

  Client* const client_;
  const std::string path_;
  const size_t members_;
  const DoubleBarrierOptions options_;
  Operations operations_;
  std::string node_;  // the name of ours; "" if there is none
  bool leaving_ = false;
};

}  // namespace rookery::client::recipes
