// Read barriers by the engine's read index: one request serves all who asked before it began. The
// engine drops requests at a leader change, on loss and elsewhere, so what is not answered is asked
// again under a new context; an answer to any of the contexts serves. No I/O.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::consensus {

class Barriers {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<uint64_t>)>;
  // Hands a context to the engine; false: there is no leader to ask now.
  using Ask = absl::AnyInvocable<bool(const std::string& context)>;

  // `server` and `boot_id` make the contexts unique over servers and restarts.
  Barriers(uint64_t server, uint64_t boot_id, int64_t retry_us, Ask ask);

  // The callers are asked for together by the next AskNow or OnTick.
  void Add(int64_t deadline_us, Done done);
  // Asks, if somebody waits whom the request in flight does not serve and none is in flight.
  void AskNow(int64_t now_us);
  // An answer of the engine.
  void OnAnswer(absl::string_view context, uint64_t index, int64_t now_us);
  // Time passed: ends what is over its deadline, and repeats.
  void OnTick(int64_t now_us);
  // Whatever is in flight may be lost.
  void OnLeaderChanged(int64_t now_us);

  // Callbacks to run, each with its result: the caller does so from a task.
  struct Finished {
    Done done;
    absl::StatusOr<uint64_t> result;
  };
  std::vector<Finished> TakeFinished();

 private:
  struct Waiting {
    int64_t deadline_us;
    uint64_t request;  // the first that serves it; 0: not asked for yet
    Done done;
  };
  std::string ContextOf(uint64_t request) const;
  void Begin(int64_t now_us);

  const uint64_t server_;
  const uint64_t boot_id_;
  const int64_t retry_us_;
  Ask ask_;
  uint64_t requests_ = 0;  // begun so far; the newest one's number
  bool in_flight_ = false;
  int64_t asked_us_ = 0;
  // Invariant: in the order of asking; those not asked for yet at the end.
  std::deque<Waiting> waiting_;
  std::vector<Finished> finished_;
};

}  // namespace rookery::consensus
