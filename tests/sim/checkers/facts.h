// What the calls of a history say, taken apart: single writes (those of a multi too) and every
// numbers of a node that somebody was shown. Private to this folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/sim/history/history.h"

namespace rookery::sim {

// One change of one node, asked for by a call.
struct Write {
  enum class Kind { kCreate, kDelete, kSetData, kSetAcl };
  const Call* call = nullptr;
  Kind kind = Kind::kCreate;
  std::string path;  // of a sequential create that was not answered: without the number
  bool sequential = false;
  bool ephemeral = false;
  bool container = false;  // may be gone without anybody's doing
  model::Data data;
  int32_t expected_version = -1;
  bool certain = false;               // answered well; otherwise perhaps applied
  model::Zxid zxid = 0;               // if certain
  const model::Stat* stat = nullptr;  // of the reply, if it has one
};

// Of all calls that succeeded or may have been applied, in the order of invocation.
std::vector<Write> WritesOf(const History& history);

// A node, or its absence, as an answer showed it.
struct Sight {
  const Call* call = nullptr;
  std::string path;
  model::Zxid zxid = 0;                                // of the answer
  const model::Stat* stat = nullptr;                   // null: the node is absent
  const model::Data* data = nullptr;                   // null: not shown
  const std::vector<std::string>* children = nullptr;  // null: not shown
};

// Of all answered calls, in the order of invocation.
std::vector<Sight> SightsOf(const History& history);

// A change of the tree at a zxid: of what servers applied where that is known, otherwise of the
// writes that were answered well. By zxid.
struct PathChange {
  model::Zxid zxid = 0;
  model::Change::Kind kind = model::Change::Kind::kCreated;
  std::string path;
};
std::vector<PathChange> ChangesOf(const History& history);

// The path that a read is about; null: the operation is none that has one.
const std::string* PathOf(const client::Operation& operation);

bool IsWrite(const client::Operation& operation);

// Calls that one session answered, in the order of submission.
std::map<model::SessionId, std::vector<const Call*>> BySession(const History& history);

}  // namespace rookery::sim
