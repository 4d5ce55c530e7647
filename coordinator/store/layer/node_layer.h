// NodeStore over a base: puts memory, loader, flusher and planner together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/store/base.h"
#include "coordinator/store/layer/filter_builder.h"
#include "coordinator/store/layer/flush_planner.h"
#include "coordinator/store/layer/flusher.h"
#include "coordinator/store/layer/loader.h"
#include "coordinator/store/layer/node_memory.h"
#include "coordinator/store/node_store.h"
#include "coordinator/store/store_options.h"

namespace rookery::store {

class NodeLayer final : public NodeStore {
 public:
  NodeLayer(const StoreOptions& options, std::shared_ptr<Base> base, const StoreExecutors& run,
            const Clock* clock);
  ~NodeLayer() override;

  Found Find(absl::string_view path) const override { return memory_->Find(path); }
  std::optional<std::vector<std::string>> Children(absl::string_view path) const override {
    return memory_->Children(path);
  }
  void Put(absl::string_view path, Node node) override;
  void Erase(absl::string_view path) override;
  void PutRow(absl::string_view key, std::string value) override;
  void EraseRow(absl::string_view key) override;
  absl::Status ScanRows(absl::string_view prefix,
                        const std::function<void(absl::string_view key, absl::string_view value)>&
                            visit) const override;
  std::unique_ptr<Pin> Load(LoadSet set, absl::AnyInvocable<void(absl::Status)> done) override;
  void Flush(absl::AnyInvocable<void(absl::Status)> done) override;
  bool FlushDue(uint64_t log_bytes) const override;
  bool Overloaded() const override;
  void Checkpoint(std::string name,
                  absl::AnyInvocable<void(absl::StatusOr<std::string>)> done) override;
  void DropCheckpoint(absl::string_view name) override;
  void Install(std::string directory, absl::AnyInvocable<void(absl::Status)> done) override;
  std::string StateName() const override { return base_->name(); }
  void RemoveOldStates() override;
  void OpenView(absl::AnyInvocable<void(absl::StatusOr<std::shared_ptr<View>>)> done) override;
  Usage GetUsage() const override;

 private:
  FlushPlanner::Pressure PressureNow(uint64_t log_bytes) const;
  void NoteChange();
  uint64_t CleanBytesMax() const;
  // Evicts in slices, each a task, so that nobody waits for it.
  void EvictSoon();
  void EvictSlice();
  void OnFlushed();
  // With this flush, a new filter of absent paths begins.
  void RebuildFilter();
  void WatchHealth();
  template <typename Function>
  Task IfAlive(Function function);

  const StoreOptions options_;
  const std::shared_ptr<Base> base_;
  const StoreExecutors run_;
  const Clock* const clock_;
  const FlushPlanner planner_;
  std::shared_ptr<NodeMemory> memory_;
  std::unique_ptr<Loader> loader_;
  std::unique_ptr<Flusher> flusher_;
  std::unique_ptr<FilterBuilder> filter_builder_;
  int64_t oldest_change_at_us_ = 0;  // means something while there are changes
  size_t evict_steps_left_ = 0;      // > 0: a slice is posted
  TimerId health_timer_ = 0;
  std::shared_ptr<NodeLayer*> self_;  // tasks hold it weakly
};

}  // namespace rookery::store
