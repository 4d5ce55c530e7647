// The simulated brokers together, and what may be done to them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "broker-sim/broker/broker.h"
#include "broker-sim/clients/audit.h"
#include "broker-sim/cluster/cluster_spec.h"
#include "broker-sim/cluster/command.h"
#include "broker-sim/cluster/pausable_executor.h"
#include "broker-sim/timeline/states.h"
#include "broker-sim/timeline/timeline.h"
#include "broker-sim/view/picture.h"
#include "coordinator/base/random.h"
#include "coordinator/kafka/plan.h"

namespace rookery::broker_sim {

// The user that reads everything to see what is there.
inline constexpr char kAuditor[] = "audit";
// The user that changes topics; its quota is controller_mutation_rate.
inline constexpr char kToolUser[] = "admin";

struct ClusterOptions {
  ClusterSpec spec;
  client::Options client;  // servers, chroot, credentials
  uint64_t seed = 0;
  // A broker won an election by the write `zxid`; may be null.
  std::function<void(int32_t broker, int32_t epoch, int64_t zxid)> on_elected;
};

// On one executor, which outlives it.
class Cluster {
 public:
  // `make_client` makes a client on the given executor.
  using MakeClient =
      std::function<std::unique_ptr<client::Client>(Executor* executor, client::Options options)>;
  Cluster(ClusterOptions options, Executor* executor, const Clock* clock, Timeline* timeline,
          MakeClient make_client);

  // Whether simulated brokers may live in this tree. FailedPrecondition names what a real cluster
  // has left there. Waits for the first connection, and tells why if there is none.
  Async<absl::Status> CheckTree();
  void Start();
  // Closes all sessions, then calls `done`.
  void Stop(absl::AnyInvocable<void()> done);

  // FailedPrecondition: nobody fits the target now.
  absl::Status Run(const Command& command);
  // Starts and resumes whatever is down or paused.
  void HealAll();
  // Asks the controller for a topic.
  absl::Status CreateTopic(kafka::CreateTopic topic);

  // Clients run from StartClients() to FinishClients(): then producers send nothing new.
  void StartClients();
  void FinishClients();
  bool ClientsIdle() const;  // everything sent was answered, everything read by consumers
  // Reads the topics of all producers from their beginnings, for Audits().
  void StartAudit();
  bool AuditRead() const;
  struct ClientReport {
    std::string name;
    bool producer = false;
    bool durable = false;  // acks=all
    int64_t records = 0;   // acknowledged, or consumed
    int64_t refused = 0;
    int64_t throttled_ms = 0;
    Audit audit;                        // producers
    std::vector<std::string> mistakes;  // in what was read
  };
  std::vector<ClientReport> Reports() const;
  int64_t acknowledged() const;
  int64_t throttled_ms() const;

  std::map<int32_t, BrokerState> States() const;
  // Brokers and clients as they are now, metadata as the controller knows it.
  void Describe(Picture* picture) const;
  bool AllUp() const;
  int32_t ControllerId() const;  // -1: none

 private:
  struct Member {
    Disk disk;
    std::unique_ptr<PausableExecutor> executor;
    std::unique_ptr<Broker> broker;
  };

  void MakeBrokers();
  void OpenAdmin();
  Broker* ControllerBroker() const;  // null: none
  Member* FindMember(int32_t id);    // null: no broker has this id (yet)
  absl::StatusOr<std::vector<int32_t>> BrokersOf(const Target& target) const;
  std::vector<int32_t> Ids() const;
  int32_t LeaderOf(const std::string& topic, int32_t partition) const;  // -1: nobody knows
  static bool Concerns(const std::string& verb, const Member& member);
  void RunOn(const std::string& verb, Member& member);

  // topic_commands.cc: what tools ask of the controller. `all`: once it knows every broker, as at
  // the start.
  Async<> CreateTopicNow(kafka::CreateTopic topic, bool all);
  Async<> AddPartitionsNow(std::string topic, int32_t partitions);
  Async<> DeleteTopicNow(std::string topic);
  template <typename Request>
  Async<TopicResponse> AskController(Request request, Error done_already);
  bool ControllerKnowsAll() const;
  void TellRefusal(const std::string& topic, const TopicResponse& response);

  // admin_commands.cc
  absl::Status RunAdmin(const Command& command);
  using Planner = std::function<absl::StatusOr<kafka::Plan>(const kafka::TreeView&)>;
  // Reads, plans, writes; again if somebody else was faster.
  Async<> PlanAndRun(std::vector<std::string> paths, Planner planner);
  void TellState();
  void TellWhyNothingHappens();

  const ClusterOptions options_;
  Executor* const executor_;
  const Clock* const clock_;
  Timeline* const timeline_;
  Random random_;
  Fabric fabric_;
  ClientWorld client_world_;
  std::map<int32_t, Member>
      members_;  // in the order of their ids, as far as they are not generated
  std::vector<std::unique_ptr<Producer>> producers_;
  std::vector<std::unique_ptr<Consumer>> consumers_;
  std::map<std::string, std::unique_ptr<Consumer>> auditors_;  // by topic
  std::unique_ptr<Session> admin_;                             // the simulation's own session
  Scope scope_;
  const MakeClient make_client_;
};

}  // namespace rookery::broker_sim
