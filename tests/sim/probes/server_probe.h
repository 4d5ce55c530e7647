// Writes what one server does into the history: what becomes durable in its log, what it learns to
// be committed, how it stands after each entry. It outlives the server's processes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "coordinator/consensus/log/log_store.h"
#include "coordinator/service/apply_observer.h"
#include "tests/sim/history/recorder.h"
#include "tests/sim/probes/log_probe.h"

namespace rookery::sim {

// What is the same on every server is noted by the first that applies it. One for all servers.
class FirstApplied {
 public:
  // True once for each index.
  bool IsNew(uint64_t index) const { return index > last_; }
  void Done(uint64_t index) { last_ = std::max(last_, index); }

  // When the request of that zxid was first done; entries end later.
  struct Moment {
    Order order = 0;
    int64_t at_us = 0;
  };
  void OnOutcome(model::Zxid zxid, Moment now) { outcomes_.emplace(zxid, now); }
  Moment Of(model::Zxid zxid) const {
    const auto found = outcomes_.find(zxid);
    return found == outcomes_.end() ? Moment() : found->second;
  }

 private:
  uint64_t last_ = 0;
  std::map<model::Zxid, Moment> outcomes_;
};

class ServerProbe final : public service::ApplyObserver {
 public:
  // `grace_ms`: the server's session.disconnectGraceMs.
  ServerProbe(Recorder* recorder, FirstApplied* first, uint32_t server, int32_t grace_ms = 0);

  // The log to give to the server's Node instead of `log`, which outlives the probe. One wrapper
  // for all its lives.
  std::unique_ptr<consensus::LogStore> Wrap(consensus::LogStore* log);

  void OnStands(const machine::Machine& machine, const consensus::Status& status) override;
  void OnStatus(const consensus::Status& status) override;
  void OnCommitted(const consensus::Item& item) override;
  void OnOutcome(const machine::Outcome& outcome) override;
  void OnApplied(const machine::Machine& machine) override;

 private:
  uint64_t life() const { return recorder_->LifeOf(server_.number); }
  void NoteConfiguration(uint64_t index, bool stands,
                         const consensus::Configuration& configuration);

  Recorder* const recorder_;
  FirstApplied* const first_;
  const int32_t grace_ms_;
  ProbedServer server_;
  uint64_t led_term_ = 0;
  // Of the entry under way.
  std::vector<Changed> changed_;
  std::vector<SessionTurn> turns_;
};

}  // namespace rookery::sim
