// The ensemble as an administrator sees and changes it, for every door that offers administration.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"

namespace rookery::service {

enum class ServerState { kLooking, kFollowing, kLeading, kObserving };

struct EnsembleMember {
  uint32_t server = 0;
  uint64_t engine_id = 0;
  bool voter = false;
  std::string address;         // "host:quorumPort:electionPort"
  std::string client_address;  // empty if unknown
  bool connected = false;
  uint64_t matched_index = 0;  // as the leader knows
};

// The ports that this server's doors were given; 0: not open.
struct DoorPorts {
  uint16_t grpc = 0;
  uint16_t admin = 0;
};

struct EnsembleStatus {
  uint32_t server = 0;
  ServerState state = ServerState::kLooking;
  bool serving = false;
  uint32_t leader = 0;  // server number, 0: none known
  uint64_t term = 0;
  int64_t zxid = 0;
  uint64_t applied_index = 0;
  uint64_t commit_index = 0;
  uint64_t first_index = 0;  // oldest entry in the log
  uint64_t digest = 0;       // of the state at applied_index
  uint64_t sessions = 0;
  uint64_t nodes = 0;
  uint64_t connections = 0;
  std::vector<EnsembleMember> members;  // by server number
  std::string version;
  DoorPorts ports;
};

// A copy of the state as it stood at one entry, as files that stay until this is destroyed.
class StateCopy {
 public:
  virtual ~StateCopy() = default;

  struct Facts {
    uint32_t server = 0;
    uint64_t cluster_id = 0;
    std::string version;
    uint64_t index = 0;
    uint64_t term = 0;
    int64_t zxid = 0;
    uint64_t digest = 0;  // as EnsembleStatus has it
    uint64_t nodes = 0;
    uint64_t sessions = 0;
    int64_t time_ms = 0;  // when it was made, by this server's clock
  };
  virtual const Facts& facts() const = 0;

  // Both block; any thread but the core's, one at a time.
  struct File {
    std::string name;
    uint64_t size = 0;
  };
  virtual absl::StatusOr<std::vector<File>> List() = 0;
  // Up to `size` bytes at `offset`; fewer only at the end of the file.
  virtual absl::StatusOr<std::string> Read(const std::string& file, uint64_t offset,
                                           size_t size) = 0;
};

// Core executor only. Changes answer once the ensemble has taken them up or refused them;
// FailedPrecondition says what is in the way and what to do, Unavailable that there is no leader.
class Ensemble {
 public:
  virtual ~Ensemble() = default;
  virtual EnsembleStatus Status() const = 0;

  using OnEngineId = absl::AnyInvocable<void(absl::StatusOr<uint64_t>)>;
  // Lets a server in that stands waiting, as a learner first; a voter once it has caught up.
  virtual void AddMember(uint32_t server, std::string address, bool observer, OnEngineId done) = 0;
  // Gives a server that lost its data a new engine id under its old number.
  virtual void RejoinMember(uint32_t server, OnEngineId done) = 0;
  // Hands leadership to a server, 0: to the best one.
  virtual void TransferLeadership(uint32_t server, absl::AnyInvocable<void(absl::Status)> done) = 0;

  // Copies this server's state; the copy may be destroyed on any thread, before the ensemble is.
  // Unavailable: it has none now.
  using OnCopy = absl::AnyInvocable<void(absl::StatusOr<std::shared_ptr<StateCopy>>)>;
  virtual void CopyState(OnCopy done) = 0;
};

}  // namespace rookery::service
