// What one client does in a run: requests of every kind, one by one and ten deep, watches, broken
// connections, closed and abandoned sessions, drawn from its seed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/base/random.h"
#include "tests/sim/clients/sim_client.h"

namespace rookery::sim {

// Nodes that all clients use lie below kRoot:
//   k0 .. k5        registers: set, compared, created, deleted, part of multis
//   own-<client>    written by one client alone and never deleted: its version counts its writes
//   seq/            sequential nodes of everybody
//   eph/            ephemeral nodes of everybody
//   box-0 .. box-3  in some runs, containers: made, filled and emptied, and gone when they are
//   lib/0 .. lib/n  in some runs, more than memory holds: mostly read, and cold when they are
inline constexpr char kRoot[] = "/sim";

enum class Action {
  kGet,
  kExists,
  kList,
  kSet,
  kCompareAndSet,
  kSetOwn,
  kCreateSequential,
  kCreateEphemeral,
  kDeleteMine,
  kRecreate,
  kMulti,
  kFailingMulti,
  kSetAcl,
  kSyncAndRead,
  kLinearizable,
  kLibrary,
  kAddWatch,
  kRemoveWatch,
  kBurst,
  kBreak,
  kClose,
  kAbandon,
  kTakeOver,
  kLeave,
  kBox,
  kCount,
};

struct ScriptOptions {
  uint64_t seed = 0;
  uint32_t requests = 300;
  int64_t duration_us = 55'000'000;  // over which they are spread
  uint32_t library_nodes = 0;
  int64_t grace_us = 0;  // session.disconnectGraceMs; 0: nobody leaves for a while
  bool containers = false;
};
std::string LibraryPath(uint64_t node);

class Script {
 public:
  // Begins at once. The client outlives the script, and runs nothing when the script ends.
  Script(SimClient* client, const ScriptOptions& options);
  ~Script() { *alive_ = false; }

  // All requests were sent.
  bool done() const { return client_->asked() >= options_.requests; }
  // Asks so many more than were asked by now, over the next `for_us`.
  void GoOn(uint32_t requests, int64_t for_us);
  void StopAsking() { stopped_ = true; }
  // Once the servers are well again: sees to it that the client has heard everything that it should
  // hear. finished() follows.
  void Finish();
  bool finished() const { return finished_; }

 private:
  void Prepare();
  void Found();
  void Later(int64_t delay_us, void (Script::*step)());
  void Step();
  void Act(Action action);
  void Burst();
  Action Draw();
  std::string Register();
  std::string Watched();  // something to leave a watch on that stays
  std::string Unique();   // data that nobody else writes
  void Write(model::WriteOperation operation, SimClient::Done done = nullptr);
  void Read(model::ReadOperation operation);
  void Multi(bool fails);
  void UseLibrary();
  void UseBox();
  void SyncAndRead();
  void LastWord();
  void NoteVersion(const std::string& path, const Call& call);

  SimClient* const client_;
  ScriptOptions options_;  // GoOn adds requests
  int64_t end_us_;
  Random random_;
  std::array<uint32_t, static_cast<size_t>(Action::kCount)> weights_{};
  uint64_t written_ = 0;
  std::map<std::string, int32_t> versions_;  // of registers, as last seen
  std::vector<std::string> mine_;            // nodes that this client may delete
  model::AddWatchRequest staying_;           // left last
  bool stopped_ = false;
  bool finishing_ = false;
  bool finished_ = false;
  bool founded_ = false;  // the root is there
  bool resting_ = false;  // nothing is asked until GoOn
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::sim
