// One handle of the engine (raftrs/raftcore.h) as a C++ value: codes become statuses or the end of
// the process, views become owned bytes, and the thread is asserted. Private to consensus/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/executor.h"
#include "coordinator/consensus/consensus.h"
#include "coordinator/consensus/log/log_store.h"
#include "coordinator/consensus/raftrs/raftcore.h"

namespace rookery::consensus {

Configuration FromEngine(const rc_conf& conf);
rc_conf ToEngine(const Configuration& configuration);

struct EngineOptions {
  EngineId id = 0;
  uint32_t election_ticks = 10;
  uint32_t heartbeat_ticks = 2;
  uint64_t message_bytes_max = 1u << 20;  // of entries in one append
  uint32_t messages_in_flight_max = 256;
  uint64_t uncommitted_bytes_max = 64u << 20;
  uint64_t committed_bytes_per_ready_max = 8u << 20;
  uint64_t seed = 0;
};

// Where the engine starts: what the state machine has applied, and the log.
struct EngineBoot {
  uint64_t applied = 0;
  uint64_t applied_term = 0;
  Configuration configuration;  // as of applied
  // At or before applied, not before the log's first record; its data is what followers get that
  // are too far behind. Without one, the state at `applied` stands there, and must not be sent.
  std::optional<Manifest> checkpoint;
  HardState hard_state;
  const std::vector<LogRecord>* records = nullptr;
};

class Engine {
 public:
  // REQUIRES: every call comes on `core`.
  Engine(const EngineOptions& options, const EngineBoot& boot, Executor* core);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Runs one function of raftcore.h on the handle and returns its code; a panic of the engine ends
  // the process with its text.
  template <typename Function, typename... Args>
  int Call(Function function, Args... args) {
    CheckThread();
    return Judge(function(node_, args...));
  }

  bool HasReady();
  // Valid until the next Take.
  const rc_ready_t& Take();
  rc_status_t Status() const;
  std::vector<rc_progress_t> Progress() const;

 private:
  void CheckThread() const;
  int Judge(int code);

  Executor* const core_;
  rc_node* node_ = nullptr;
  rc_ready_t ready_{};
};

Role RoleOf(uint32_t engine_role);

// The kind of a message of the engine (RC_MSG_...), read from its first bytes; 0: not a message.
// The full decoding, and the check that they say the same, are the engine's.
uint32_t MessageKind(absl::string_view bytes);

// What an offered snapshot stands for. InvalidArgument: the message is none.
absl::StatusOr<Manifest> ManifestOf(absl::string_view message);

inline rc_bytes ViewOf(absl::string_view bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}
inline std::string BytesOf(rc_bytes view) {
  return std::string(reinterpret_cast<const char*>(view.p), view.n);
}

}  // namespace rookery::consensus
