// The digest of a state on disk, recomputed from every node and compared with the running digest
// that was saved with them: finds what no block's checksum can, a node that is well-formed and
// wrong.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/machine/state.h"
#include "coordinator/store/base.h"

namespace rookery::machine {

// One pass over a state, in slices of the caller's choice. Any thread, one at a time.
class StateCheck {
 public:
  // Goes on from where the last slice ended, until about `bytes_max` of keys and values were read;
  // false: that was the last of it. DataLoss: a key or a value that is not ours. The same snapshot
  // every time.
  absl::StatusOr<bool> Continue(const store::Base::Snapshot& snapshot, uint64_t bytes_max);

  // After the last slice. DataLoss: the sums are not those that the state says; the text has both.
  // A state that was never written is in order.
  absl::Status Finish() const;

  // After Finish: what the state says of itself, and the digest that a server would show for it.
  const State& state() const { return state_; }
  uint64_t digest() const { return node_digest_ + session_digest_; }
  uint64_t bytes() const { return bytes_; }

 private:
  absl::Status Take(absl::string_view key, absl::string_view value);

  std::string next_key_;
  bool has_state_ = false;
  State state_;
  uint64_t node_digest_ = 0;
  uint64_t session_digest_ = 0;
  uint64_t containers_ = 0;  // hashes of the rows that nodes want, less those of the rows
  uint64_t node_count_ = 0;
  uint64_t data_bytes_ = 0;
  uint64_t bytes_ = 0;
};

// All of it at once, with a fresh `check`.
absl::Status CheckState(const store::Base::Snapshot& snapshot, StateCheck* check);

}  // namespace rookery::machine
