// One simulated broker: a process with its replicas, its quotas and what it knows of the cluster,
// and in it one session after the other: registration, its part in the election, notifications.
// Source: kafka-on-zookeeper 3.1, 2.3.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "broker-sim/async/session.h"
#include "broker-sim/broker/authorizer.h"
#include "broker-sim/broker/config_listener.h"
#include "broker-sim/broker/topic_admin.h"
#include "broker-sim/controller/controller.h"
#include "broker-sim/fabric/fabric.h"
#include "broker-sim/quota/client_quotas.h"
#include "broker-sim/quota/connection_quotas.h"
#include "broker-sim/quota/mutation_quotas.h"
#include "broker-sim/quota/replication_quota.h"
#include "broker-sim/replica/replica_manager.h"

namespace rookery::broker_sim {

struct BrokerOptions {
  int32_t id = 0;                  // -1: the coordinator gives one, kept from then on
  int32_t reserved_id_max = 1000;  // reserved.broker.max.id: generated ones are larger
  std::string host = "127.0.0.1";
  int32_t port = 9092;
  std::optional<std::string> rack;
  client::Options client;             // servers, chroot, session timeout
  std::string new_cluster_id;         // written if the ensemble has none yet
  bool authorizer = false;            // AclAuthorizer, with a session of its own
  std::set<std::string> super_users;  // "User:audit"
  uint64_t placement_seed = 0;        // where new topics are placed
  int64_t request_time_us = 100;      // how long a client's request keeps threads busy
  ReplicaOptions replicas;
  ControllerOptions controller;  // `broker` is filled in
};

// What a broker is in; all outlive it.
struct BrokerWorld {
  Fabric* fabric = nullptr;
  Executor* executor = nullptr;
  const Clock* clock = nullptr;
  Timeline* timeline = nullptr;
  Disk* disk = nullptr;
  std::function<std::unique_ptr<client::Client>(client::Options)> make_client;
  std::function<void(std::string line)> tap;  // of every request to the coordinator; may be null
};

class Broker final : public Peer {
 public:
  Broker(BrokerOptions options, BrokerWorld world);
  ~Broker() override;

  void Start();
  // Ends without a word: the session stays until it expires.
  void Kill();
  // Hands its leaders over (controlled shutdown), closes the session, then calls `done`.
  void Stop(absl::AnyInvocable<void()> done);
  // Closes the session without handing anything over.
  void Close(absl::AnyInvocable<void()> done);

  bool running() const { return running_; }
  bool registered() const { return registered_; }
  const Controller* controller() const { return controller_.get(); }  // null between sessions
  Controller* controller() { return controller_.get(); }
  const BrokerOptions& options() const { return options_; }
  int32_t id() const { return id_; }
  int64_t throttled_ms() const { return throttled_ms_; }  // told to clients, in all

  void Take(LeaderAndIsrRequest request, Reply<LeaderAndIsrResponse> reply) override;
  void Take(UpdateMetadataRequest request, Reply<UpdateMetadataResponse> reply) override;
  void Take(StopReplicaRequest request, Reply<StopReplicaResponse> reply) override;
  void Take(AlterPartitionRequest request, Reply<AlterPartitionResponse> reply) override;
  void Take(ControlledShutdownRequest request, Reply<ControlledShutdownResponse> reply) override;
  void Take(AllocateProducerIdsRequest request, Reply<AllocateProducerIdsResponse> reply) override;
  void Take(FetchRequest request, Reply<FetchResponse> reply) override;
  void Take(ProduceRequest request, Reply<ProduceResponse> reply) override;
  void Take(InitProducerIdRequest request, Reply<InitProducerIdResponse> reply) override;
  void Take(MetadataRequest request, Reply<MetadataResponse> reply) override;
  void Take(CreateTopicRequest request, Reply<TopicResponse> reply) override;
  void Take(CreatePartitionsRequest request, Reply<TopicResponse> reply) override;
  void Take(DeleteTopicRequest request, Reply<TopicResponse> reply) override;

 private:
  // broker.cc
  void BeginProcess();
  void MakeReplicas();      // once its id is known
  void MakeSessionParts();  // the same
  void EndProcess();
  void BeginSession();
  void EndSession();
  void OnState(client::SessionState state);
  Async<> HandOver();
  void ExitAndStartAgain(const std::string& why);

  // start_up.cc
  Async<> Main(bool first);
  Async<> StartUp();
  Async<> CreatePath(std::string path);
  Async<> EnsureClusterId();
  Async<> EnsureId();
  Async<> FollowFeatures();
  Async<bool> EndpointIsFree(std::string endpoint);
  enum class Registration { kDone, kAgain, kFatal };
  Async<Registration> Register();

  // tool_requests.cc
  void MakeTopicAdmin();
  int64_t ChargeMutation(const std::string& user, const std::string& client_id, int32_t count);
  template <typename Request>
  void Serve(Request request, Reply<TopicResponse> reply,
             Async<TopicResponse> (TopicAdmin::*operation)(Request));

  // requests.cc
  Error Check(const ControllerMark& mark);
  Async<> ReadTopicConfig(std::string topic);
  Async<bool> Accept(std::string channel, std::string host, bool anew);
  Async<> TakeChannel(std::string name);
  void LeaveChannel(const std::string& name, int64_t muted_ms);
  Async<> ServeFetch(FetchRequest request, Reply<FetchResponse> reply);
  Async<> ServeProduce(ProduceRequest request, Reply<ProduceResponse> reply);
  Async<> ServeProducerId(Reply<InitProducerIdResponse> reply);
  int64_t Throttle(ClientQuotas* quotas, const std::string& user, const std::string& client_id,
                   double value);
  int64_t ThrottleRequest(const std::string& user, const std::string& client_id);
  int MinIsr(const std::string& topic) const;

  const BrokerOptions options_;
  const BrokerWorld world_;
  int32_t id_;

  // Of the process.
  bool running_ = false;
  kafka::ConfigsByEntity configs_;
  std::unique_ptr<ReplicaManager> replicas_;
  std::unique_ptr<ClientQuotas> produce_quotas_, fetch_quotas_, request_quotas_;
  std::unique_ptr<ConnectionQuotas> connection_quotas_;
  std::unique_ptr<ReplicationQuota> leader_quota_, follower_quota_;
  std::unique_ptr<MutationQuotas> mutation_quotas_;
  int32_t controller_id_ = -1;
  int32_t controller_epoch_ = 0;
  std::map<PartitionId, PartitionLeadership> metadata_;
  std::map<int32_t, std::optional<std::string>> live_brokers_;  // with their racks
  // A client's connection: its requests are handled one after the other, and none while it is
  // muted.
  struct Channel {
    bool connected = false;
    bool busy = false;
    int64_t muted_until_us = 0;
  };
  std::map<std::string, Channel> channels_;
  std::set<std::string> throttled_;  // clients that were told since their quota changed
  int64_t throttled_ms_ = 0;
  int64_t next_producer_id_ = 0, last_producer_id_ = -1;
  Scope requests_;

  // Of the session.
  std::unique_ptr<Session> session_;
  std::unique_ptr<Controller> controller_;
  std::unique_ptr<ConfigListener> config_listener_;
  std::unique_ptr<Authorizer> authorizer_;
  std::unique_ptr<TopicAdmin> topic_admin_;
  Scope session_scope_;
  bool registered_ = false;
  bool connected_ = false;
  bool stopping_ = false;
  int64_t broker_epoch_ = -1;
  int64_t previous_session_ = 0;
  uint64_t disconnections_ = 0;
  uint64_t life_ = 0;  // counts sessions; tasks of an earlier one do nothing
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::broker_sim
