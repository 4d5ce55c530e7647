// Sees what a server learns, decides nothing: for simulations, whose checkers compare the servers
// of an ensemble.
#pragma once

#include "coordinator/consensus/consensus.h"
#include "coordinator/machine/machine.h"

namespace rookery::service {

// Core executor. Nothing of the service may be called from inside.
class ApplyObserver {
 public:
  virtual ~ApplyObserver() = default;
  // The server stands where its disk, or a checkpoint that was just installed, left it.
  virtual void OnStands(const machine::Machine& machine, const consensus::Status& status) = 0;
  // Role, leader or term changed.
  virtual void OnStatus(const consensus::Status& status) = 0;
  // Agreed, and not applied yet.
  virtual void OnCommitted(const consensus::Item& item) = 0;
  // A request of the entry under way was applied; nobody was told yet.
  virtual void OnOutcome(const machine::Outcome& outcome) = 0;
  // The entry at machine.applied_index() is done.
  virtual void OnApplied(const machine::Machine& machine) = 0;
};

}  // namespace rookery::service
