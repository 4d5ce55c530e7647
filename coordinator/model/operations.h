// The operations that clients know, as data: one row each. Code that must treat every operation
// visits the variants of request.h, so a forgotten place does not compile.
//
// Row: name, opcode on the wire, what it is (kWrite goes through the log, kRead is answered from
// the applied state, kSession concerns the connection), and whether it is built. Source:
// zookeeper-protocol 1.5.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace rookery::model {

// clang-format off
#define ROOKERY_OPERATIONS(ROW)                      \
  ROW(Create,            1,   kWrite,   true)        \
  ROW(Delete,            2,   kWrite,   true)        \
  ROW(Exists,            3,   kRead,    true)        \
  ROW(GetData,           4,   kRead,    true)        \
  ROW(SetData,           5,   kWrite,   true)        \
  ROW(GetAcl,            6,   kRead,    true)        \
  ROW(SetAcl,            7,   kWrite,   true)        \
  ROW(GetChildren,       8,   kRead,    true)        \
  ROW(Sync,              9,   kRead,    true)        \
  ROW(Ping,              11,  kSession, true)        \
  ROW(GetChildren2,      12,  kRead,    true)        \
  ROW(Check,             13,  kWrite,   true)        \
  ROW(Multi,             14,  kWrite,   true)        \
  ROW(Create2,           15,  kWrite,   true)        \
  ROW(Reconfig,          16,  kWrite,   false)       \
  ROW(CheckWatches,      17,  kRead,    true)        \
  ROW(RemoveWatches,     18,  kRead,    true)        \
  ROW(CreateContainer,   19,  kWrite,   true)        \
  ROW(DeleteContainer,   20,  kWrite,   true)        \
  ROW(CreateTtl,         21,  kWrite,   false)       \
  ROW(MultiRead,         22,  kRead,    false)       \
  ROW(Auth,              100, kSession, true)        \
  ROW(SetWatches,        101, kRead,    true)        \
  ROW(Sasl,              102, kSession, true)        \
  ROW(GetEphemerals,     103, kRead,    true)        \
  ROW(GetAllChildrenNumber, 104, kRead, false)       \
  ROW(SetWatches2,       105, kRead,    true)        \
  ROW(AddWatch,          106, kRead,    true)        \
  ROW(WhoAmI,            107, kRead,    true)        \
  ROW(CloseSession,      -11, kWrite,   true)
// clang-format on

enum class OpCode : int32_t {
#define ROW(name, code, kind, built) k##name = code,
  ROOKERY_OPERATIONS(ROW)
#undef ROW
};

enum class OperationKind { kRead, kWrite, kSession };

struct OperationInfo {
  OpCode code;
  absl::string_view name;  // "Create", "GetData", ...
  OperationKind kind;
  bool built;  // false: answered Unimplemented, the connection stays
};

// Nullopt: no operation that a client may send has this number.
std::optional<OperationInfo> FindOperation(int32_t code);

}  // namespace rookery::model
