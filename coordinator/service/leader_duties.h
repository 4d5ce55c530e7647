// What only the leader does beside ordering: expiry of sessions, the preload of a fresh ensemble,
// the end of containers that are empty.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/base/clock.h"
#include "coordinator/consensus/consensus.h"
#include "coordinator/machine/machine.h"
#include "coordinator/proposal/proposer.h"
#include "coordinator/service/container_cleaner.h"
#include "coordinator/session/expiry/expiry.h"

namespace rookery::service {

class LeaderDuties {
 public:
  LeaderDuties(model::ServerId self, session::ExpiryOptions expiry,
               std::vector<std::string> preload_paths, ContainerCleaning containers,
               const Clock* clock, consensus::Consensus* consensus, const machine::Machine* machine,
               proposal::Proposer* proposer);

  // Takes the duties up or lays them down, as the proposer leads or not.
  void Update();
  // An outcome was applied: sessions come, move and go.
  void OnOutcome(const machine::Outcome& outcome);
  // A server's report; answered, if this server leads.
  void OnReport(consensus::EngineId from, const proposal::Report& report);
  void OnPeerConnected(consensus::EngineId peer, bool connected);
  // `own_report` makes this server's own report.
  void Tick(const std::function<proposal::Report()>& own_report);

  // What `report` tells of this server's own sessions.
  void OnOwnReport(const proposal::Report& report);

  int64_t leading_since_us() const { return leading_since_us_; }  // 0: not leading
  std::vector<std::pair<int64_t, model::SessionId>> Deadlines() const {
    return expiry_.Deadlines();
  }

 private:
  void CleanContainers();
  void TakeReport(model::ServerId from, const proposal::Report& report);
#ifdef ROOKERY_PLANTS
  void ExpireDeposed();
#endif

  const model::ServerId self_;
  const std::vector<std::string> preload_paths_;
  const Clock* const clock_;
  consensus::Consensus* const consensus_;
  const machine::Machine* const machine_;
  proposal::Proposer* const proposer_;

  session::Expiry expiry_;
  ContainerCleaner cleaner_;
  uint64_t term_ = 0;            // of the duties, 0: none
  uint64_t begun_at_index_ = 0;  // the entries applied here when they began
  int64_t leading_since_us_ = 0;
  bool preload_proposed_ = false;  // in this term
};

}  // namespace rookery::service
