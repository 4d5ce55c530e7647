// One server of the ensemble without its doors: identity, founding, peers, log, state, consensus
// and service, built bottom-up over edges that are handed in. The same code serves production and
// the simulator. Core executor only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/file_store.h"
#include "coordinator/base/network.h"
#include "coordinator/base/random.h"
#include "coordinator/base/secrets.h"
#include "coordinator/consensus/log/log_store.h"
#include "coordinator/consensus/peer/checkpoint_fetch.h"
#include "coordinator/consensus/peer/checkpoint_files.h"
#include "coordinator/consensus/peer/checkpoint_sender.h"
#include "coordinator/consensus/peer/founder.h"
#include "coordinator/consensus/peer/hub.h"
#include "coordinator/consensus/peer/origin.h"
#include "coordinator/consensus/raft/raft_consensus.h"
#include "coordinator/machine/machine.h"
#include "coordinator/service/ensemble.h"
#include "coordinator/service/server_service.h"
#include "coordinator/store/base.h"
#include "coordinator/store/node_store.h"
#include "coordinator/store/store_options.h"

namespace rookery {

class Rescan;

// All pointers outlive the node.
struct NodeEdges {
  Executor* core = nullptr;
  Network* network = nullptr;
  const Clock* clock = nullptr;
  SecretSource* secrets = nullptr;            // passwords of sessions
  BackgroundExecutor* log_thread = nullptr;   // log writes and nothing else
  BackgroundExecutor* load_thread = nullptr;  // what requests wait for
  BackgroundExecutor* flush_thread = nullptr;
  BackgroundExecutor* transfer_thread = nullptr;  // checkpoint files
  BackgroundExecutor* scan_thread = nullptr;      // slow reads of the whole state
  FileStore* files = nullptr;                     // identity and durable mark
  model::ChangeSink* changes = nullptr;           // is told what becomes of the tree; may be null
  consensus::LogStore* log = nullptr;
  consensus::CheckpointFiles* checkpoints = nullptr;
  // Opens the state of that name, a new one if the name is empty.
  std::function<absl::StatusOr<std::shared_ptr<store::Base>>(const std::string& state_name)>
      open_base;
};

struct NodeOptions {
  uint32_t server_number = 1;
  std::vector<consensus::ServerLine> servers;  // has server_number
  // Where the ports of peers listen. Empty: the host of the own line if it is the only one,
  // otherwise every address.
  std::string quorum_listen_address;
  std::string log_directory;  // for messages
  uint64_t seed = 0;
  int64_t rescan_period_us = 0;  // between looks at the whole state; 0: none
  store::StoreOptions store;
  consensus::RaftOptions raft;  // `id`, `boot_id` and `seed` are filled in
  service::Options service;     // what Node knows is filled in
  std::string version;
};

// The address on which the port of peers of a server line listens.
std::string PeerHostToListen(const NodeOptions& options, const consensus::ServerLine& own);

class Node final : public service::Ensemble {
 public:
  Node(NodeOptions options, NodeEdges edges);
  // Stop() first.
  ~Node() override;

  // Reads the disk (blocks) and begins to look for the ensemble. FailedPrecondition, DataLoss: the
  // data directory cannot be used; the message names file and repair. AlreadyExists: a port is in
  // use. Once there is a service, `on_service` is called, once. `on_state` is told when role,
  // leader or epoch change, for the log's prefix and the doors. `on_fatal` ends the process.
  struct Events {
    absl::AnyInvocable<void(service::ServerService*)> on_service;
    absl::AnyInvocable<void()> on_state;
    std::function<void(absl::Status)> on_fatal;
  };
  absl::Status Start(Events events);

  // Hands leadership over, answers what is in flight, says goodbye; then calls `done`.
  void Stop(absl::AnyInvocable<void()> done);

  // Null until founded.
  service::ServerService* service() const { return service_.get(); }
  machine::Machine* machine() const { return machine_.get(); }
  store::NodeStore* store() const { return store_.get(); }
  consensus::RaftConsensus* consensus() const { return consensus_.get(); }
  const consensus::PeerHub* hub() const { return hub_.get(); }
  // What a server without an ensemble waits for; empty otherwise.
  std::string WaitingFor() const;

  // What Status() tells of the doors, which are opened and closed above.
  void SetDoorPorts(service::DoorPorts ports) { door_ports_ = ports; }

  // service::Ensemble.
  service::EnsembleStatus Status() const override;
  void AddMember(uint32_t server, std::string address, bool observer, OnEngineId done) override;
  void RejoinMember(uint32_t server, OnEngineId done) override;
  void TransferLeadership(uint32_t server, absl::AnyInvocable<void(absl::Status)> done) override;
  void CopyState(OnCopy done) override;

 private:
  class Transfer;  // checkpoints from and to peers
  class Relay;     // consensus's news: to the service, and to this node

  absl::Status OpenLog();
  absl::Status OpenOrigin();
  absl::Status CheckOrigin() const;
  absl::Status OnFounded(consensus::Identity identity);
  absl::Status OpenState();
  absl::Status StartConsensus();
  void Watch();  // a look at what changed, every now and then
  void FollowMembers();
  void PromoteLearners();
  void Fail(absl::Status status);
  consensus::MemberList Members() const;
  void Change(absl::StatusOr<consensus::MemberPlan> plan, OnEngineId done);
  const consensus::Applicant* FindApplicant(uint32_t server,
                                            const std::vector<consensus::Applicant>& from) const;

  const NodeOptions options_;
  const NodeEdges edges_;
  Random random_;
  const uint64_t boot_id_;
  Events events_;

  consensus::Identity identity_;
  consensus::LogContents log_;
  // Of a directory that was restored into and has not founded yet.
  std::optional<consensus::Origin> origin_;
  std::unique_ptr<consensus::PeerHub> hub_;
  std::unique_ptr<consensus::Founder> founder_;
  std::shared_ptr<store::Base> base_;
  std::unique_ptr<store::NodeStore> store_;
  std::unique_ptr<machine::Machine> machine_;
  std::unique_ptr<service::ServerService> service_;
  std::unique_ptr<Relay> relay_;
  std::unique_ptr<Transfer> transfer_;
  std::unique_ptr<Rescan> rescan_;
  std::unique_ptr<consensus::RaftConsensus> consensus_;
  std::string members_;  // as the hub knows them
  service::DoorPorts door_ports_;
  bool running_ = false;  // the hello says so
  bool stopping_ = false;
  TimerId watch_timer_ = 0;
};

}  // namespace rookery
