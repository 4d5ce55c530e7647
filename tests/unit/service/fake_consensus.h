// An agreed order without a quorum: one log for all servers, whose leader, losses and delays the
// test decides.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/consensus/consensus.h"
#include "tests/unit/service/virtual_core.h"

namespace rookery::service {

class FakeConsensus;

class FakeEnsemble {
 public:
  explicit FakeEnsemble(VirtualCore* core) : core_(core) {}

  // A new term with this leader. What the old leader took and did not commit survives in the log or
  // is lost.
  enum class Uncommitted { kLost, kSurvives };
  void Elect(consensus::EngineId leader, Uncommitted uncommitted = Uncommitted::kLost);
  // Nobody leads.
  void LoseLeader(Uncommitted uncommitted = Uncommitted::kLost);
  // Puts an item into the log behind the leader's back.
  void Append(consensus::Item::Kind kind, std::string bytes);

  void Cut(consensus::EngineId a, consensus::EngineId b);
  void Heal(consensus::EngineId a, consensus::EngineId b);
  bool Connected(consensus::EngineId a, consensus::EngineId b) const;

  int64_t latency_us = 200;
  bool commits = true;      // false: what the leader takes stays uncommitted
  bool busy = false;        // the engine refuses proposals
  bool lags_apply = false;  // committed items are not handed up
  // Messages between servers for which this says true are lost.
  std::function<bool(consensus::EngineId from, consensus::EngineId to, absl::string_view bytes)>
      drops;

  consensus::EngineId leader() const { return leader_; }
  uint64_t term() const { return term_; }
  const std::vector<consensus::Item>& log() const { return log_; }
  consensus::Configuration configuration;
  std::vector<consensus::Manifest> checkpoints;

 private:
  friend class FakeConsensus;
  void Commit();
  void Deliver(FakeConsensus* server);
  void TellStatus();
  consensus::EngineId LeaderFor(consensus::EngineId server) const;

  VirtualCore* const core_;
  std::map<consensus::EngineId, FakeConsensus*> servers_;
  std::set<std::pair<consensus::EngineId, consensus::EngineId>> cuts_;
  consensus::EngineId leader_ = 0;
  uint64_t term_ = 1;
  std::vector<consensus::Item> log_;  // log_[i] has index i + 2; founding stands for index 1
  std::vector<consensus::Item> uncommitted_;
};

class FakeConsensus final : public consensus::Consensus {
 public:
  // `applied`: where the server's state stands.
  FakeConsensus(FakeEnsemble* ensemble, consensus::EngineId self, consensus::Listener* listener,
                uint64_t applied);
  ~FakeConsensus() override;

  // Hands up a checkpoint instead of the items up to its index.
  void Install(consensus::Manifest manifest, std::string directory);
  // Hands up nothing while true, as a server whose log lags.
  bool paused = false;

  consensus::ProposeResult Propose(std::string bytes) override;
  void Barrier(int64_t deadline_us,
               absl::AnyInvocable<void(absl::StatusOr<uint64_t>)> done) override;
  void Applied(uint64_t index) override { applied = index; }
  void CheckpointTaken(const consensus::Manifest& manifest) override {
    ensemble_->checkpoints.push_back(manifest);
  }
  void StateFlushed(uint64_t index) override { flushed = index; }
  bool SendToPeer(consensus::EngineId peer, std::string bytes) override;
  absl::Status ChangeMembers(const std::vector<consensus::MemberChange>&, std::string) override {
    return absl::UnimplementedError("not here");
  }
  absl::Status Transfer(consensus::EngineId to) override;
  consensus::Status GetStatus() const override;
  void Stop() override {}

  uint64_t applied = 0;
  uint64_t flushed = 0;

 private:
  friend class FakeEnsemble;
  FakeEnsemble* const ensemble_;
  const consensus::EngineId self_;
  consensus::Listener* const listener_;
  uint64_t handed_up_ = 0;
  bool installing_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::service
