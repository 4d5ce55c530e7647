// The service of one server: doors above, consensus below. Each stage of the journey has a file of
// its own: submit.cc (doors' calls), apply.cc (the agreed order), reads.cc (lanes and reads),
// connection_reads.cc (what a connection watches), read_together.cc (many reads of one zxid),
// clients.cc (who stays and who goes), server_service.cc (wiring, clocks, peers).
//
// Core executor only, which all callbacks come from too.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/random.h"
#include "coordinator/consensus/consensus.h"
#include "coordinator/machine/machine.h"
#include "coordinator/proposal/proposer.h"
#include "coordinator/service/barriers.h"
#include "coordinator/service/connection.h"
#include "coordinator/service/contact.h"
#include "coordinator/service/ended_clients.h"
#include "coordinator/service/leader_duties.h"
#include "coordinator/service/options.h"
#include "coordinator/service/service.h"
#include "coordinator/service/standing.h"
#include "coordinator/service/state_keeper.h"
#include "coordinator/store/node_store.h"
#include "coordinator/watch/watch_table.h"

namespace rookery::service {

// Build: service, then consensus with the service as its listener, then Start(). The machine is
// recovered. End: Shutdown(), then Consensus::Stop(), then destroy.
class ServerService final : public Service, public consensus::Listener {
 public:
  // All pointers outlive the service.
  ServerService(Options options, Executor* core, const Clock* clock, machine::Machine* machine,
                store::NodeStore* store);
  ~ServerService() override;

  // `consensus` outlives the service.
  void Start(consensus::Consensus* consensus);

  // Takes no more requests, hands leadership over, answers what is in flight, then sends all
  // clients away and calls `done`; within Options::shutdown_timeout_us.
  void Shutdown(absl::AnyInvocable<void()> done);

  // Puts a member row (consensus/members.h) into the log. Lost if the leader changes: ask again
  // until it is seen applied.
  void AskMemberRow(std::string row);

  // Makes a checkpoint for somebody outside, who drops it from the store. Unavailable: this server
  // has no state to give.
  void BackUp(OnBackup done);

  const Contact& contact() const { return contact_; }

  // Service.
  bool Serving() const override;
  ConnectionId Connect(Client* client, ConnectionFacts facts) override;
  void Disconnect(ConnectionId connection) override;
  void ClientEnded(ConnectionId connection) override;
  void AttachRefused(model::SessionId session) override;
  void SetCredentials(ConnectionId connection, model::Credentials credentials) override;
  void OpenSession(ConnectionId connection, int32_t timeout_ms) override;
  void AttachSession(ConnectionId connection, model::SessionId session, std::string password,
                     int32_t timeout_ms, model::Zxid last_zxid_seen) override;
  void Write(ConnectionId connection, uint64_t tag, model::WriteOperation operation) override;
  void Read(ConnectionId connection, uint64_t tag, model::ReadOperation operation) override;
  void Touch(ConnectionId connection) override;
  size_t PendingBytes(ConnectionId connection) const override;
  bool Congested() const override;
  model::Zxid LastZxid() const override { return machine_->last_zxid(); }
  Statistics GetStatistics() const override;
  std::vector<SessionInfo> Sessions() const override;
  // Data watches of this server's connections, by path; copies them all.
  std::vector<WatchedPath> Watches() const;
  // Sets what was counted since the start to zero; what is, stays.
  void ResetStatistics();
  void WriteOnce(model::Credentials credentials, model::WriteOperation operation,
                 OnReply done) override;
  void ReadOnce(model::Credentials credentials, model::ReadOperation operation, bool linearizable,
                OnReply done) override;
  void ReadTogether(model::Credentials credentials, ReadBody body, OnRead done) override;
  ConnectionId Follow(Client* client, ConnectionFacts facts, std::vector<std::string> paths,
                      absl::AnyInvocable<void(model::Zxid)> armed) override;
  void OpenView(absl::AnyInvocable<void(absl::StatusOr<FrozenTree>)> done) override;

  // consensus::Listener.
  void OnItems(std::vector<consensus::Item> items) override;
  void OnStatus(const consensus::Status& status) override;
  void OnPeerMessage(consensus::EngineId from, absl::string_view bytes) override;
  void OnPeerConnected(consensus::EngineId peer, bool connected) override;
  void OnInstall(consensus::Manifest manifest, std::string directory,
                 absl::AnyInvocable<void(absl::Status)> done) override;
  void OnCheckpointWanted() override;
  void OnCheckpointUnusable(const std::string& name) override;

 private:
  // Who waits for a ticket.
  struct Waiter {
    enum class Kind { kSession, kRequest, kOnce } kind = Kind::kRequest;
    uint64_t ticket = 0;
    ConnectionId connection = 0;  // may be gone by then
    int64_t submitted_us = 0;
    OnReply once;
  };
  struct PendingItem {
    consensus::Item item;
    std::unique_ptr<store::Pin> pin;  // of nodes loaded ahead
    bool load_began = false;
  };
  struct OnceRead {
    std::shared_ptr<const model::Credentials> credentials;
    model::ReadOperation operation;
    int64_t submitted_us = 0;
    OnReply done;
    std::unique_ptr<store::Pin> pin;
  };
  struct TogetherRead {
    model::Credentials credentials;
    int64_t submitted_us = 0;
    ReadBody body;
    OnRead done;
    std::vector<std::unique_ptr<store::Pin>> pins;  // of what all runs so far missed
  };

  // submit.cc
  Connection* Find(ConnectionId id) const;
  Connection& NewConnection(Client* client, ConnectionFacts facts);
  void Submit(Connection& connection, uint64_t tag, session::LaneRequest request, bool waits);
  void HandOver(Connection& connection, session::LaneRequest& write);
  void ProposeSession(Connection& connection, model::SessionId session,
                      model::WriteOperation operation);
  void Propose(const model::WriteRequest& request, Waiter waiter);

  // apply.cc
  void PostApply();
  void ApplySome();
  bool ApplyStep();  // false: nothing to do now
  void BeginItem();
  void FinishItem();
  void LoadForItem();
  void LoadAhead();
  store::LoadSet UnknownOf(store::LoadSet set) const;
  void OnOutcome(machine::Outcome outcome);
  void FireWatches(const machine::Outcome& outcome);
  void FollowSession(const machine::Outcome& outcome);
  void Answer(machine::Outcome outcome);
  void AnswerSession(Connection& connection, const machine::Outcome& outcome);
  void ForgetItems();

  // reads.cc
  void RunLane(Connection& connection);
  bool RunRead(Connection& connection, session::LaneRequest& read);
  void LoadForRead(Connection& connection, const store::LoadSet& missing);
  std::shared_ptr<void> LoadReadAhead(const model::ReadOperation& operation);
  bool MayAnswerPing(const Connection& connection) const;
  void ReplyTo(Connection& connection, model::Reply reply);
  void RunOnceRead(uint64_t id);
  void ReleaseHeldPings();

  // connection_reads.cc
  bool AnswerOfConnection(Connection& connection, const model::ReadOperation& operation,
                          const model::Credentials& credentials, model::Reply* reply);
  bool CatchUpWatches(Connection& connection, const model::SetWatchesRequest& request);
  void RegisterWatch(const Connection& connection, const model::ReadOperation& operation,
                     model::ErrorCode error);

  // read_together.cc
  void RunTogether(uint64_t id);

  // clients.cc
  void Farewell(ConnectionId id, service::Farewell why);
  void Bury(ConnectionId id);
  void DropClients(service::Farewell why);
  void StartOver();
  void CheckContact(int64_t now_us);
  void ShutdownStep();
  void FinishShutdown();

  // server_service.cc
  void Tick();
  proposal::Report MakeReport();
  void SendReport();
  void Fail(absl::Status status);

  const Options options_;
  Executor* const core_;
  const Clock* const clock_;
  machine::Machine* const machine_;
  store::NodeStore* const store_;
  consensus::Consensus* consensus_ = nullptr;
  Random random_;
  const int64_t started_us_;

  int64_t looking_since_us_ = 0;  // 0: a leader is known
  Contact contact_;
  EndedClients ended_clients_;
  // Built by Start().
  std::unique_ptr<proposal::Proposer> proposer_;
  std::unique_ptr<Barriers> barriers_;
  std::unique_ptr<Standing> standing_;
  std::unique_ptr<LeaderDuties> duties_;
  std::unique_ptr<StateKeeper> keeper_;

  size_t reads_loaded_ahead_ = 0;  // by requests in lanes, which end before it
  absl::flat_hash_map<ConnectionId, std::unique_ptr<Connection>> connections_;
  absl::flat_hash_map<model::SessionId, ConnectionId> by_session_;
  std::vector<std::unique_ptr<Connection>> graveyard_;
  ConnectionId last_connection_ = 0;
  watch::WatchTable watches_;
  std::deque<Waiter> waiting_;  // by ticket, without gaps
  std::set<ConnectionId> held_pings_;
  std::map<uint64_t, OnceRead> once_reads_;
  std::map<uint64_t, TogetherRead> together_reads_;  // numbered with once_reads_
  uint64_t last_once_ = 0;
  size_t lane_bytes_ = 0;
  size_t lane_requests_ = 0;

  // The agreed order, not yet applied.
  std::deque<PendingItem> items_;
  size_t items_loaded_ahead_ = 0;  // how many of them, from the front, a load began for
  size_t loaded_ahead_bytes_ = 0;
  bool in_item_ = false;  // items_.front() is being applied
  bool apply_posted_ = false;
  bool apply_loading_ = false;
  std::vector<std::unique_ptr<store::Pin>> apply_pins_;
  ConnectionId turn_ = 0;  // whose reads run before the next request is applied
  bool installing_ = false;
  uint64_t generation_ = 0;  // grows when everything above is thrown away

  bool failed_ = false;
  bool stopping_ = false;
  int64_t stop_deadline_us_ = 0;
  absl::AnyInvocable<void()> on_stopped_;
  TimerId tick_timer_ = 0;
  Statistics counters_;
  // Guards callbacks against this object's end.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::service
