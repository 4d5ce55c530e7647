// The simulated brokers together, and what may be done to them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "broker-sim/broker/broker.h"
#include "broker-sim/cluster/pausable_executor.h"
#include "broker-sim/cluster/printed_timeline.h"
#include "coordinator/base/random.h"
#include "coordinator/kafka/plan.h"

namespace rookery::broker_sim {

struct ClusterOptions {
  int32_t brokers = 5;
  int32_t first_id = 0;
  int32_t first_port = 9092;
  std::vector<std::string> racks;  // dealt out in turn; empty: none
  client::Options client;
  uint64_t seed = 0;
};

// On one executor, which outlives it.
class Cluster {
 public:
  // `make_client` makes a client on the given executor.
  using MakeClient =
      std::function<std::unique_ptr<client::Client>(Executor* executor, client::Options options)>;
  Cluster(ClusterOptions options, Executor* executor, const Clock* clock, PrintedTimeline* timeline,
          MakeClient make_client);

  void Start();
  // Closes all sessions, then calls `done`.
  void Stop(absl::AnyInvocable<void()> done);

  // One command, as in "kill controller"; Help() lists them. InvalidArgument names what is wrong.
  absl::Status Run(const std::string& command);
  static const char* Help();

  // Creates a topic through the first running broker's session.
  absl::Status CreateTopic(kafka::CreateTopic topic);

 private:
  struct Member {
    std::unique_ptr<PausableExecutor> executor;
    std::unique_ptr<Broker> broker;
  };

  absl::StatusOr<int32_t> BrokerOf(const std::string& word) const;
  int32_t ControllerId() const;  // -1: none
  void OnReturned(int32_t broker);
  Async<> CreateTopicNow(kafka::CreateTopic topic);
  void TellState();
  void TellWhyNothingHappens();

  const ClusterOptions options_;
  Executor* const executor_;
  const Clock* const clock_;
  PrintedTimeline* const timeline_;
  Random random_;
  std::map<int32_t, Member> members_;
  std::unique_ptr<Session> admin_;  // the simulation's own session, for topics
  Scope scope_;
  const MakeClient make_client_;
};

}  // namespace rookery::broker_sim
