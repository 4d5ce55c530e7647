// One simulated client: the product's client of either protocol, one session after another, with
// everything it asks and is told written into the history.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/base/random.h"
#include "coordinator/client/client.h"
#include "tests/sim/clients/grpc_stream.h"
#include "tests/sim/clients/recording_link.h"
#include "tests/sim/history/recorder.h"

namespace rookery::sim {

// Where a client runs; outlives it. REQUIRES: it runs nothing any more when the client is
// destroyed.
struct ClientHost {
  Executor* executor = nullptr;
  Network* network = nullptr;
  const Clock* clock = nullptr;
};

struct ServerDoors {
  uint32_t number = 0;
  Address zookeeper;
  Address grpc;
};

struct SimClientOptions {
  uint32_t number = 1;
  bool grpc = false;
  int32_t session_timeout_ms = 6000;
  uint64_t seed = 0;
  std::vector<ServerDoors> servers;
};

// The product's connection to a server, over the simulated network.
std::unique_ptr<client::Link> MakeSimLink(const ClientHost& host, bool grpc, const Address& server,
                                          client::LinkHandler* handler);

// On the host's executor, from construction on.
class SimClient final : private LinkWatcher {
 public:
  using Done = std::function<void(const Call&)>;

  SimClient(const ClientHost& host, SimClientOptions options, Recorder* recorder);
  ~SimClient() override;

  uint32_t number() const { return options_.number; }
  bool grpc() const { return options_.grpc; }
  const ClientHost& host() const { return host_; }
  bool connected() const { return state_ == client::SessionState::kConnected; }
  size_t in_flight() const { return in_flight_; }
  uint64_t asked() const { return asked_; }
  uint64_t succeeded() const { return succeeded_; }
  uint64_t taken_over() const { return taken_over_; }

  // `done` may be null. It is not called if the session is abandoned before.
  void Submit(client::Operation operation, bool watch, Done done);
  // Over gRPC, from any server. REQUIRES: grpc().
  void ReadLinearizable(model::ReadOperation operation, Done done);
  // The connection ends; the client looks for another server.
  void Break();
  // Closes the session, then opens another.
  void CloseSession();
  // Falls silent: the session will expire. Opens another.
  void Abandon();
  // A second client takes the living session over, by its id and password; the first knows nothing
  // of it, asks nothing more, and fights for the session for so long. What it waited for stays
  // unanswered, and what its watches are told nobody hears.
  void TakeOver(int64_t fight_us);
  // Its process ends, and the connection with it. Another one comes for the session after so long,
  // by its id and password; what the first waited for stays unanswered, as for TakeOver.
  void Leave(int64_t away_us);
  // It left and has not come back: nothing can be asked.
  bool away() const { return away_; }

 private:
  void OpenSession(model::SessionId session = 0, std::string password = "");
  void Begin(Call call, size_t* place);
  void End(size_t place, client::Result<model::ReplyBody> result, const Done& done);
  void OnState(client::SessionState state);
  void OnTold(uint64_t call, const client::WatchEvent& event);
  // Its side ends the connection of this session, if there is one.
  void NoteLeft(model::SessionId session);
  // What is not answered by now never will be, but was asked in this session.
  void GiveUpCalls();
  uint32_t ServerAt(const Address& address) const;

  void OnLinkOpened(const Address& server, bool refused) override;
  void BeforeEvent(const model::Event& event) override;
  void AfterEvent(const model::Event& event) override;
  void OnCloseAnswered(const model::Reply& reply) override;

  const ClientHost host_;
  const SimClientOptions options_;
  Recorder* const recorder_;
  Random random_;
  uint64_t last_number_ = 0;
  uint64_t asked_ = 0;
  uint64_t succeeded_ = 0;
  uint64_t taken_over_ = 0;
  size_t in_flight_ = 0;
  size_t told_in_event_ = 0;

  // Of the present session.
  uint64_t generation_ = 0;
  client::SessionState state_ = client::SessionState::kNotConnected;
  RecordingLink* link_ = nullptr;  // the newest; the client owns it
  size_t close_place_ = 0;
  bool closing_ = false;
  bool away_ = false;
  bool close_answered_ = false;
  std::unique_ptr<client::Client> client_;
  std::set<uint64_t> watching_;                            // calls whose watches were not told
  std::vector<std::unique_ptr<client::Client>> replaced_;  // whose sessions were taken over
  std::map<uint64_t, std::unique_ptr<SimUnaryCall>> unary_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::sim
