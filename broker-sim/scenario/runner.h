// Runs one scenario: an ensemble where none is given, the cluster, the steps at their times, the
// heal, and what is to be said of it all.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "broker-sim/check/judge.h"
#include "broker-sim/cluster/cluster.h"
#include "broker-sim/ensemble/ensemble.h"
#include "broker-sim/report/recording.h"
#include "broker-sim/scenario/scenario.h"
#include "coordinator/base/net/asio_core.h"
#include "coordinator/client/factory/client_factory.h"

namespace rookery::broker_sim {

struct RunOptions {
  client::Protocol protocol = client::Protocol::kZooKeeper;
  std::string servers;   // connect string; "": an ensemble of its own
  std::string rookeryd;  // the program for that
  uint64_t seed = 0;
};

class Runner {
 public:
  // All outlive the runner. `timeline` hears what happens; may be null.
  Runner(Scenario scenario, RunOptions options, AsioCore* core, Timeline* timeline);
  ~Runner();

  // Calls `done` when the run is over and everything is ended. Not OK: there is no verdict, since
  // the cluster did not come up; the message says why.
  void Start(absl::AnyInvocable<void(absl::Status)> done);

  const Recording& recording() const { return recording_; }
  // How things stand now.
  Picture TakePicture();

 private:
  Async<> Main();
  Async<absl::Status> Prepare();
  Async<absl::Status> WaitReady();
  std::vector<ServerState> ServerStates();
  Async<> Sample();
  Async<> RunSteps();
  Async<absl::Status> RunStep(Command command);
  absl::Status RunServerStep(const Command& command);
  Async<> Heal();
  Async<> FinishClients();
  void CheckClients();
  void Conclude();
  bool Healthy() const;
  int64_t now_us() const { return told_->now_us(); }

  const Scenario scenario_;
  const RunOptions options_;
  AsioCore* const core_;
  Timeline* const shown_;
  absl::AnyInvocable<void(absl::Status)> done_;
  std::unique_ptr<RecordedTimeline> told_;
  Recording recording_;
  std::unique_ptr<Ensemble> ensemble_;
  Judge judge_;
  std::unique_ptr<Observer> observer_;
  std::unique_ptr<Cluster> cluster_;
  int64_t healthy_after_us_ = -1;  // from the heal; -1: not in time
  bool clients_idle_ = false;
  bool audit_read_ = false;
  Scope scope_;
};

// What came of the expectations of each step that ran, and of events that must not come
// between the beginning of the steps and the heal.
// `steps` tells when each ran.
std::vector<Check> CheckExpectations(const Scenario& scenario, const std::vector<StepDone>& steps,
                                     const std::vector<RecordedEvent>& events, int64_t ready_us,
                                     int64_t healed_us);

}  // namespace rookery::broker_sim
