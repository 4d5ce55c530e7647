// One simulated client process: a session of the product's client library, and a role for each
// recipe of the scene. A session that is over is followed by another one with new objects, as the
// library asks its users to do; a process that dies, by a new process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/base/random.h"
#include "tests/sim/clients/sim_client.h"
#include "tests/sim/edges/process.h"
#include "tests/sim/recipes/role.h"

namespace rookery::sim {

struct PartyOptions {
  uint32_t number = 1;
  bool grpc = false;
  int32_t session_timeout_ms = 6000;
  int32_t request_timeout_ms = 0;
  uint64_t seed = 0;
  std::vector<ServerDoors> servers;
  std::vector<Recipe> recipes;  // that it takes part in
};

class Party final : private ClientWatcher {
 public:
  // Its process runs from now on. The scene outlives it.
  Party(PartyOptions options, Scene* scene);
  ~Party() override;

  // As kill -9. False: no process runs.
  bool Crash();
  // Another process. Nothing, if one runs.
  void Start();
  // As SIGSTOP. False: none runs, or it stands still already.
  bool Stop();
  void GoOn();

  Process& process() { return process_; }
  // It is connected, and none of its roles plays any more.
  bool idle() const;
  void NoteCopies();
  uint64_t asked() const { return asked_ + (client_ ? client_->asked() : 0); }
  uint64_t succeeded() const { return succeeded_ + (client_ ? client_->succeeded() : 0); }

 private:
  void OpenSession();
  void EndSession();
  void OnState(client::SessionState state);
  void OnUnanswered(const std::string& path) override;
  void OnFoundAgain(const std::string& path) override;
  void OnShown(const std::string& path, const model::Data& data) override;

  const PartyOptions options_;
  Scene* const scene_;
  Random random_;
  Process process_;
  bool up_ = false;
  int64_t stopped_us_ = 0;  // since then it stands still; 0: it does not
  uint64_t sessions_ = 0;
  uint64_t asked_ = 0;      // in earlier sessions
  uint64_t succeeded_ = 0;  // likewise
  std::unique_ptr<ObservedClient> client_;
  std::vector<std::unique_ptr<Role>> roles_;
};

}  // namespace rookery::sim
