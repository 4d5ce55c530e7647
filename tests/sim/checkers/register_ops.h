// What is known of the registers (nodes that are created, set and deleted by name) as operations in
// the order of their zxids. Private to this folder.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/sim/history/history.h"

namespace rookery::sim {

// A node as an operation finds and leaves it.
struct RegisterState {
  bool present = false;
  int32_t version = 0;
  model::Zxid mzxid = 0;  // 0: not known, but above `after`
  model::Zxid after = 0;
  model::Zxid known_at = 0;  // of the last known operation on it
  const model::Data* data = nullptr;
  bool operator==(const RegisterState&) const = default;
};

// One step of an operation.
struct RegisterStep {
  enum class Kind { kCreate, kDelete, kSetData, kCheck, kRead };
  Kind kind = Kind::kRead;
  size_t node = 0;  // index within the group
  int32_t expected_version = -1;
  const model::Data* data = nullptr;               // written, or read; null: not known
  const model::Stat* stat = nullptr;               // answered; null: not known
  model::ErrorCode error = model::ErrorCode::kOk;  // kRead: kOk or kNoNode
};

struct RegisterOp {
  const Call* call = nullptr;  // null: how a server stood at the end
  model::Zxid zxid = 0;        // 0: perhaps applied, at some time
  bool fails = false;          // answered with an error: the last step's
  std::vector<RegisterStep> steps;
};

// Nodes that share operations, and these.
struct RegisterGroup {
  std::vector<std::string> paths;
  std::vector<RegisterOp> known;    // by zxid; reads behind the write of the same zxid
  std::vector<RegisterOp> perhaps;  // in the order of invocation
};

// Nodes with ephemeral or sequential creations are no registers, nor are containers.
std::vector<RegisterGroup> GroupRegisters(const History& history);

// True if the operation fits to the states, which it then changes.
bool Apply(const RegisterOp& op, std::vector<RegisterState>* states);

}  // namespace rookery::sim
