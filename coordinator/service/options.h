// What the service is told by configuration.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/base/limits.h"
#include "coordinator/base/secrets.h"
#include "coordinator/model/ids.h"
#include "coordinator/service/container_cleaner.h"

namespace rookery::service {

class ApplyObserver;

struct Options {
  model::ServerId self = 0;         // engine id of this server
  uint64_t random_seed = 0;         // nonces; from the system, or a simulation's seed
  SecretSource* secrets = nullptr;  // passwords of sessions; outlives the service

  // The shortest timeout that any door grants: a quarter of it lies between reports to the leader.
  int32_t min_session_timeout_ms = 4000;
  // Without contact to the leader, or with Apply this far behind, clients are sent away.
  int64_t sync_limit_us = 10'000'000;
  // One election timeout: how long the leader waits for a server when it asks who was heard.
  int64_t contact_timeout_us = 200'000;
  // Between the service's own looks at its clocks.
  int64_t tick_us = 25'000;
  // How long a client whose side ended its connection without closing the session may take to come
  // back before the session expires; 0: its timeout. The same on every server.
  int64_t disconnect_grace_us = 0;
  // Clients' writes without news for this long go to the leader again.
  int64_t resend_timeout_us = 1'000'000;

  int requests_per_turn = limits::kRequestsPerTurn;
  size_t load_ahead_bytes = limits::kLoadAheadBytesMax;

  // A checkpoint is made when this much was applied since the last one.
  uint64_t checkpoint_log_bytes = 64u << 20;
  // Older ones are dropped; one more than the newest, since a peer may be fetching it.
  size_t checkpoints_kept = 2;

  // Of the leader; the same on every server, lest it depend on who leads.
  ContainerCleaning containers;

  // Created by the first leader of an ensemble, parents first; empty: nothing.
  std::vector<std::string> preload_paths;

  // How long Shutdown() waits for what is in flight.
  int64_t shutdown_timeout_us = 4'000'000;

  // Null but in simulations.
  ApplyObserver* observer = nullptr;

  // The disk failed, or an installed state is not what it should be: the process must end. Called
  // at most once; nothing is applied or answered after it.
  std::function<void(absl::Status)> on_fatal;
};

}  // namespace rookery::service
