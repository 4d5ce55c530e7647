// Brings nodes and lists of children from the base into memory. A path that is being loaded has an
// entry from the begin of its load on, so that nothing can change it before it is known; what a
// load returns therefore never is older than what memory holds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "coordinator/base/executor.h"
#include "coordinator/store/base.h"
#include "coordinator/store/layer/node_memory.h"
#include "coordinator/store/node_store.h"

namespace rookery::store {

// Core executor only. The executors outlive it.
class Loader {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;

  Loader(Executor* core, BackgroundExecutor* background, std::shared_ptr<Base> base,
         std::shared_ptr<NodeMemory> memory);

  std::unique_ptr<Pin> Load(LoadSet set, Done done);

  // The base was replaced and everything in memory is void: unfinished loads begin again.
  void Restart(std::shared_ptr<NodeMemory> memory);

  uint64_t loads() const { return loads_; }              // that had to ask the base
  uint64_t keys_loaded() const { return keys_loaded_; }  // nodes and lists they asked for
  uint64_t overtaken() const { return overtaken_; }      // by a flush that ended meanwhile
  uint64_t restarted() const { return restarted_; }      // since the base was replaced

 private:
  struct Pins;
  class PinHandle;
  struct Job {
    LoadSet set;
    Done done;
    std::shared_ptr<Pins> pins;
    std::vector<Entry*> entries;    // to be filled, in key order
    std::vector<ChildList*> lists;  // to be filled
    uint64_t list_ticket = 0;       // if there are lists
    uint64_t generation = 0;        // up to which the base had everything when it was asked
    size_t unresolved = 0;          // its own answer, and other jobs that load what it needs
    std::vector<uint64_t> waiters;  // jobs that need what this one loads
  };
  // What came from the base, decoded.
  struct Answer {
    absl::Status status;
    std::vector<std::optional<Node>> nodes;
    std::vector<NameSet> lists;
  };

  void Begin(uint64_t id, Job* job);
  void AskBase(uint64_t id, const Job& job);
  static Answer Read(const Base& base, const std::vector<std::string>& keys,
                     const std::vector<std::string>& parents);
  void OnAnswer(uint64_t id, Answer answer);
  void Resolve(uint64_t id, const absl::Status& status);

  Executor* const core_;
  BackgroundExecutor* const background_;
  const std::shared_ptr<Base> base_;
  std::shared_ptr<NodeMemory> memory_;
  std::map<uint64_t, Job> jobs_;                        // unfinished
  absl::flat_hash_map<const void*, uint64_t> loading_;  // entries and lists -> the job that asked
  uint64_t last_id_ = 0;
  uint64_t round_ = 0;  // counts Restart; answers of earlier rounds are void
  uint64_t loads_ = 0;
  uint64_t keys_loaded_ = 0;
  uint64_t overtaken_ = 0;
  uint64_t restarted_ = 0;
  // Tasks hold it weakly: those that come after the end of this do nothing.
  std::shared_ptr<Loader*> self_;
};

}  // namespace rookery::store
