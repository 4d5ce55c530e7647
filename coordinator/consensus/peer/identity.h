// Who a data directory is: its disk id and, once it belongs to an ensemble, which one and as whom.
// Kept in the file `identity`, always written durably before anything is done in its name.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/base/file_store.h"
#include "coordinator/consensus/members.h"
#include "coordinator/consensus/peer/hello.h"

namespace rookery::consensus {

inline constexpr char kIdentityFile[] = "identity";

struct Identity {
  uint64_t disk_id = 0;     // random, never 0, for ever
  uint64_t cluster_id = 0;  // 0: belongs to no ensemble yet; then the rest is empty
  EngineId engine_id = 0;
  // True: one of the founders, which boots with the founding snapshot position and configuration.
  // False: let in later; boots with nothing and is filled by a checkpoint.
  bool founder = false;
  FoundingList founding;  // of the ensemble, with the founders' disk ids
  // As known when it founded or was let in; the replicated list replaces it once there is a state.
  MemberList members;
  bool operator==(const Identity&) const = default;

  bool founded() const { return cluster_id != 0; }
};

// Reads the identity; makes one with a disk id from `random` and writes it if there is none.
// DataLoss: the file is damaged (it is left alone). FailedPrecondition: a newer rookeryd wrote it.
absl::StatusOr<Identity> LoadOrCreateIdentity(FileStore* files, uint64_t random);

absl::Status StoreIdentity(FileStore* files, const Identity& identity);

// How a server with this identity presents itself. `lines` are its configuration's, `number` its
// own. REQUIRES: `lines` has `number`.
Hello HelloOf(const Identity& identity, uint64_t boot_id, uint32_t level,
              const std::vector<ServerLine>& lines, uint32_t number);

}  // namespace rookery::consensus
