// Brings a server with an empty data directory into an ensemble: visits the servers of its list,
// lets founding.h decide, stores the identity, synced, and says so. While it waits, the log names
// every few seconds who is missing and what to do.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/file_store.h"
#include "coordinator/base/network.h"
#include "coordinator/base/random.h"
#include "coordinator/consensus/peer/founding.h"
#include "coordinator/consensus/peer/hub.h"
#include "coordinator/consensus/peer/visit.h"

namespace rookery::consensus {

struct FounderOptions {
  int64_t visit_timeout_us = 2'000'000;
  // Between visits to one server: doubled up to the most, with a jitter of a quarter; a server that
  // comes by itself is visited at once.
  int64_t visit_first_us = 20'000;
  int64_t visit_most_us = 1'000'000;
  // What a server said counts this long; more than two visits apart.
  int64_t fresh_us = 4'000'000;
  int64_t log_us = 5'000'000;
};

class Founder {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<Identity>)>;

  // `hub` has been started with the hello that HelloOf makes of an identity that is not founded
  // yet. All pointers outlive the founder.
  Founder(Executor* executor, Network* network, const Clock* clock, uint64_t seed, PeerHub* hub,
          FileStore* files, FounderOptions options = {});
  ~Founder();

  // Calls `done` once, later, with the identity as it was stored, or with the error of storing it.
  // The hub then presents this server as founded already; give it the members and a listener.
  // `done` may destroy the founder.
  void Start(Done done);

  // What it waits for, as in the log; empty when it is done.
  const std::string& waiting_for() const { return waiting_for_; }

 private:
  struct Neighbour {
    Address address;
    std::unique_ptr<Visit> visit;  // under way
    TimerId timer = 0;             // the next one
    int64_t pause_us = 0;
  };

  void OnHello(const Hello& theirs);
  void VisitNow(uint32_t number);
  void OnVisited(uint32_t number, absl::StatusOr<HelloAnswerFrame> answer);
  void VisitMembers(const std::string& bytes);
  void Decide();
  void Log();

  Executor* executor_;
  Network* network_;
  const Clock* clock_;
  Random random_;
  PeerHub* hub_;
  FileStore* files_;
  FounderOptions options_;
  Founding founding_;
  std::map<uint32_t, Neighbour> neighbours_;
  TimerId log_timer_ = 0;
  std::string waiting_for_;
  Done done_;  // null before the start and once decided
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::consensus
