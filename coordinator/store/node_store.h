// Where znodes and the rows of the replicated state rest: a layer of decoded nodes in memory over a
// base on disk (DESIGN section 4). Apply works on the layer alone; what the layer does not hold is
// loaded off the core before, or when it turns out missing.
//
// Core executor only, unless said otherwise. Reads see all changes at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/store/node.h"
#include "coordinator/store/store_options.h"

namespace rookery::store {

class Base;

enum class Presence {
  kPresent,
  kAbsent,   // known not to exist
  kUnknown,  // only the base can tell: Load it
};

struct Found {
  Presence presence = Presence::kUnknown;
  const Node* node = nullptr;  // if present; valid until the next non-const call
};

// What a request, and the reads that wait behind it, will touch.
struct LoadSet {
  std::vector<std::string> nodes;        // paths
  std::vector<std::string> child_lists;  // paths whose children will be listed
  bool empty() const { return nodes.empty() && child_lists.empty(); }
};

// Keeps what a Load brought in (absences too) from being evicted. Core executor.
class Pin {
 public:
  virtual ~Pin() = default;
};

class NodeStore {
 public:
  virtual ~NodeStore() = default;

  virtual Found Find(absl::string_view path) const = 0;

  // The sorted names of a node's children; nullopt: not known, Load the child list first. An absent
  // node has none.
  virtual std::optional<std::vector<std::string>> Children(absl::string_view path) const = 0;

  // Changes the present state. REQUIRES: Find(path) was not kUnknown when the request began, and
  // `num_children` of parents follows (Find and Children trust a node that says it has none).
  virtual void Put(absl::string_view path, Node node) = 0;
  virtual void Erase(absl::string_view path) = 0;

  // Replicated state that is not a node (sessions, ticket rows, configuration, digest, applied
  // entry): small rows that their owners keep in memory and write through. Keys choose their own
  // prefix.
  virtual void PutRow(absl::string_view key, std::string value) = 0;
  virtual void EraseRow(absl::string_view key) = 0;
  // All rows below a prefix in key order, as of the base. Blocks; only while booting or after
  // Install.
  virtual absl::Status ScanRows(
      absl::string_view prefix,
      const std::function<void(absl::string_view key, absl::string_view value)>& visit) const = 0;

  // Brings the set into memory off the core, then calls `done` in a task of the core, never from
  // inside Load; what is there already costs next to nothing. The pin must be kept until the
  // request was applied. An error means that the disk failed: the process must end.
  virtual std::unique_ptr<Pin> Load(LoadSet set, absl::AnyInvocable<void(absl::Status)> done) = 0;

  // Freezes all changes and writes them to the base in one atomic step, off the core. REQUIRES:
  // called between two entries, after all rows were put that belong to the state (Machine's
  // SaveRows): what is on disk is replayed from there on. `done` is called when the base holds
  // them; an error ends the process. Calls may overlap; they finish in order.
  virtual void Flush(absl::AnyInvocable<void(absl::Status)> done) = 0;
  // True when size or age of the changes ask for a flush. `log_bytes`: applied since the last flush
  // began, which a restart would replay.
  virtual bool FlushDue(uint64_t log_bytes) const = 0;
  // True while writers must be slowed since flushes cannot keep up.
  virtual bool Overloaded() const = 0;

  // Flushes, and makes a directory named `name` with a copy (hard links) of exactly the state of
  // this call. REQUIRES: as for Flush, the rows that are saved before it included. Aborted: an
  // Install came in between.
  virtual void Checkpoint(std::string name,
                          absl::AnyInvocable<void(absl::StatusOr<std::string>)> done) = 0;
  virtual void DropCheckpoint(absl::string_view name) = 0;

  // Replaces everything by the state in `directory` (a received checkpoint), dropping all layers.
  // The directory is adopted: renamed to a new StateName() unless it is a state directory already.
  // Off the core; nothing else may be called until `done`. Loads under way are answered from the
  // new state. The old state stays on disk until RemoveOldStates.
  virtual void Install(std::string directory, absl::AnyInvocable<void(absl::Status)> done) = 0;
  // The state directory in use: the log database records it, and the base is opened by it.
  virtual std::string StateName() const = 0;
  // To be called once the log database names StateName(): others are removed, off the core.
  virtual void RemoveOldStates() = 0;

  // A frozen view of all nodes, read off the core in key order (depth, then path): for scans,
  // digests and backups.
  class View {
   public:
    virtual ~View() = default;
    // Visits nodes at or below `root` from key `from` on until `visit` returns false. Blocks; any
    // thread, one at a time.
    virtual absl::Status Scan(
        absl::string_view root, absl::string_view from_path,
        const std::function<bool(absl::string_view path, const Node& node)>& visit) const = 0;
  };
  // Flushes, and opens a view of exactly the state of this call. REQUIRES, and Aborted: as for
  // Checkpoint.
  virtual void OpenView(absl::AnyInvocable<void(absl::StatusOr<std::shared_ptr<View>>)> done) = 0;

  struct Usage {
    uint64_t active_bytes = 0, frozen_bytes = 0, clean_bytes = 0, filter_bytes = 0, base_bytes = 0;
    uint64_t loads = 0, load_misses = 0, flushes = 0, frozen_layers = 0;
    uint64_t loads_overtaken = 0;  // by a flush that ended while they asked the base
    uint64_t loads_restarted = 0;  // since the state was replaced
    uint64_t layers_stacked = 0;   // times that a layer froze upon another
  };
  virtual Usage GetUsage() const = 0;
};

// Who runs what. `load` answers requests that wait, `flush` writes for a long time: two executors.
// All outlive the store.
struct StoreExecutors {
  Executor* core = nullptr;
  BackgroundExecutor* load = nullptr;
  BackgroundExecutor* flush = nullptr;
};

// The store over a base (memory/memory_base.h, rocks/rocks_base.h). Made and destroyed on the core
// executor; tasks that run beyond its end keep what they need.
std::unique_ptr<NodeStore> CreateNodeStore(const StoreOptions& options, std::shared_ptr<Base> base,
                                           const StoreExecutors& executors, const Clock* clock);

}  // namespace rookery::store
