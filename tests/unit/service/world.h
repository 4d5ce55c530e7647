// Servers over a fake consensus in one thread of virtual time, and clients that write down what
// they are told.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/machine/machine.h"
#include "coordinator/service/server_service.h"
#include "coordinator/store/memory/memory_base.h"
#include "tests/unit/service/fake_consensus.h"
#include "tests/unit/service/virtual_core.h"

namespace rookery::service {

// A door's connection whose history is readable: "reply 1 Ok zxid=5 data=x", "event deleted /a",
// "session", "refused", "farewell moved".
class TestClient final : public Client {
 public:
  void OnSession(const model::Reply& reply) override;
  void OnReply(uint64_t tag, model::Reply reply) override;
  void OnEvent(const model::Event& event) override;
  void OnFarewell(service::Farewell why) override;

  bool Answered(uint64_t tag) const { return replies.contains(tag); }

  std::vector<std::string> history;
  std::map<uint64_t, model::Reply> replies;
  model::SessionReply session;
  bool opened = false;
  bool gone = false;
};

class World;

class Server {
 public:
  Server(World* world, model::ServerId id);
  ~Server();

  ServerService& service() { return *service_; }
  machine::Machine& machine() { return *machine_; }
  FakeConsensus& consensus() { return *consensus_; }
  store::MemoryDisk& disk() { return *disk_; }
  store::NodeStore& store() { return *store_; }

 private:
  friend class World;
  void Start();
  void Crash();

  World* const world_;
  const model::ServerId id_;
  std::shared_ptr<store::MemoryDisk> disk_ = std::make_shared<store::MemoryDisk>();
  std::string state_name_;
  std::unique_ptr<store::NodeStore> store_;
  std::unique_ptr<machine::Machine> machine_;
  std::unique_ptr<ServerService> service_;
  std::unique_ptr<FakeConsensus> consensus_;
};

class World {
 public:
  explicit World(int servers, Options options = {}, store::StoreOptions store_options = {});
  ~World();

  Server& operator[](model::ServerId id) { return *servers_.at(id); }
  void Crash(model::ServerId id) { servers_.at(id)->Crash(); }
  void Restart(model::ServerId id) { servers_.at(id)->Start(); }
  // Elects `leader` and waits until all servers that run serve.
  void Settle(model::ServerId leader);
  bool Run(const std::function<bool()>& done, int64_t limit_us = 30'000'000) {
    return core.RunUntil(done, limit_us);
  }

  // Opens a session and waits for it.
  struct Session {
    std::shared_ptr<TestClient> client = std::make_shared<TestClient>();
    ServerService* service = nullptr;
    ConnectionId connection = 0;
    uint64_t last_tag = 0;

    uint64_t Write(model::WriteOperation operation);
    uint64_t Read(model::ReadOperation operation);
    bool Answered(uint64_t tag) const { return client->Answered(tag); }
    const model::Reply& Reply(uint64_t tag) const { return client->replies.at(tag); }
  };
  Session Open(model::ServerId server, int32_t timeout_ms = 10'000);
  // Moves a session to a server; does not wait.
  Session Attach(model::ServerId server, const Session& old, model::Zxid last_zxid_seen = 0,
                 std::string password = "");
  // Writes and waits for the answer.
  model::Reply Do(Session& session, model::WriteOperation operation);
  model::Reply Do(Session& session, model::ReadOperation operation);

  VirtualCore core;
  FakeEnsemble ensemble{&core};
  Options options;
  store::StoreOptions store_options;
  std::vector<absl::Status> fatal;
  SeededSecrets secrets{1};  // of all servers, where options names none

 private:
  // Services know clients for as long as their connections stand.
  std::vector<std::shared_ptr<TestClient>> clients_;
  std::map<model::ServerId, std::unique_ptr<Server>> servers_;
};

model::CreateRequest Create(std::string path, std::string data = "",
                            int32_t flags = model::kPersistent);
model::SetDataRequest Set(std::string path, std::string data, int32_t version = -1);
model::GetDataRequest Get(std::string path, bool watch = false);

}  // namespace rookery::service
