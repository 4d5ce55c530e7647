// Everything replicated beside the nodes and sessions: numbers that every server has alike.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/ids.h"
#include "coordinator/store/node_store.h"

namespace rookery::machine {

// The level of what Apply does that this build knows.
inline constexpr uint32_t kLevelKnown = 1;

struct State {
  uint64_t applied_index = 0;  // 0 on disk: of no log yet, as `rookery restore` leaves it
  uint64_t applied_term = 0;
  model::Zxid last_zxid = 0;
  uint64_t node_digest = 0;  // the sum over all nodes
  uint64_t node_count = 0;
  uint64_t data_bytes = 0;  // paths and data
  uint32_t level = 1;
  bool preloaded = false;
  std::string configuration;
  std::string members;
};

// The name of the row that holds all of it, and its bytes. DataLoss: other bytes.
// FailedPrecondition: a level above kLevelKnown, by number.
inline constexpr absl::string_view kStateRow = "m";
std::string EncodeState(const State& state);
absl::StatusOr<State> DecodeState(absl::string_view bytes);

// As DecodeState. NotFound: the store holds no rows at all. DataLoss: none of a state among others.
absl::StatusOr<State> ReadState(const store::NodeStore& store);
void WriteState(const State& state, store::NodeStore* store);

}  // namespace rookery::machine
