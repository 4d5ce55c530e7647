// What two servers tell each other before anything else, and who is let in. Pure values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/consensus/members.h"

namespace rookery::consensus {

enum class FoundingState : uint8_t {
  kEmpty = 1,    // no data: belongs to no ensemble, or waits to be let in
  kFounded = 2,  // founded, nothing committed
  kRunning = 3,  // holds a state
};

// The founding servers as agreed at founding: what the ensemble's first state and its id are made
// of. Empty before founding.
struct FoundingList {
  struct Founder {
    ServerLine line;
    uint64_t disk_id = 0;
    bool operator==(const Founder&) const = default;
  };
  std::vector<Founder> founders;  // voters only, by number
  uint64_t origin = 0;            // of the first state (peer/origin.h); 0: an empty tree
  bool operator==(const FoundingList&) const = default;
};

// Deterministic bytes (grammar in hello.cc) and back.
std::string EncodeFoundingList(const FoundingList& list);
absl::StatusOr<FoundingList> DecodeFoundingList(absl::string_view bytes);

// The ensemble's id for ever: a hash over the list's bytes; never 0.
uint64_t ClusterIdOf(const FoundingList& list);
// The member list that every founder begins with: engine id = N, level 1.
MemberList FoundingMembers(const FoundingList& list);
// The configuration of the snapshot position that every founder boots with.
Configuration FoundingConfiguration(const FoundingList& list);

// One server as it presents itself.
struct Hello {
  uint64_t cluster_id = 0;  // 0: none yet
  EngineId engine_id = 0;   // 0: none yet
  uint64_t disk_id = 0;     // of its data directory
  uint64_t boot_id = 0;     // random, once per process; never 0
  uint32_t level = 0;       // the highest that this program knows
  FoundingState state = FoundingState::kEmpty;
  ServerLine line;                // its own line: number, host as it knows it, ports
  std::vector<ServerLine> lines;  // all `server.N` lines of its configuration, by number
  FoundingList founding;          // kFounded and kRunning
  uint64_t origin = 0;            // kEmpty: of the state that it would found with (peer/origin.h)
};

enum class HelloRefusal : uint8_t {
  kNone = 0,          // accepted
  kNotFounded = 1,    // the one who answers belongs to no ensemble yet
  kComeFounded = 2,   // the one who asks belongs to none yet, but the list has a row for its disk
  kOtherCluster = 3,  // it belongs to another ensemble
  kNoRow = 4,         // the list has no row for its server number
  kOtherDisk = 5,     // its row names another disk: wiped or replaced
  kRemoved = 6,       // its engine id was removed
  kLevelTooLow = 7,   // it does not know the ensemble's level
  kNotTheOne = 8,     // it wanted to reach another server than the one who answers
  kStopping = 9,
};

struct HelloVerdict {
  HelloRefusal refusal = HelloRefusal::kNone;
  std::string text;  // for the logs of both: who, why, what to do
};

// Judges `theirs` as the server `self` with member list `members` (empty before founding).
// `wanted` is the engine id that the other side took this server for (0: anybody).
HelloVerdict JudgeHello(const Hello& self, const MemberList& members, uint32_t ensemble_level,
                        const Hello& theirs, EngineId wanted);

}  // namespace rookery::consensus
