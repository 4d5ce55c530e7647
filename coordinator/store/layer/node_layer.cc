#include "coordinator/store/layer/node_layer.h"

#include <algorithm>
#include <utility>

#include "coordinator/base/logging.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/layer/snapshot_view.h"

namespace rookery::store {
namespace {

constexpr size_t kEvictStepsPerLoad = 64;
constexpr size_t kEvictStepsPerSlice = 2048;
constexpr int64_t kHealthPeriodUs = 200'000;

}  // namespace

NodeLayer::NodeLayer(const StoreOptions& options, std::shared_ptr<Base> base,
                     const StoreExecutors& run, const Clock* clock)
    : options_(options),
      base_(std::move(base)),
      run_(run),
      clock_(clock),
      planner_(options),
      memory_(std::make_shared<NodeMemory>(options.hash_seed)),
      loader_(std::make_unique<Loader>(run_.core, run_.load, base_, memory_)),
      flusher_(std::make_unique<Flusher>(run_.core, run_.flush, base_, memory_,
                                         options.frozen_layers_max, [this] { OnFlushed(); })),
      filter_builder_(std::make_unique<FilterBuilder>(run_.core, run_.flush, options.hash_seed,
                                                      options.absence_filter_bytes_max)),
      self_(std::make_shared<NodeLayer*>(this)) {
  filter_builder_->Prepare(memory_);
  filter_builder_->Scan(base_->TakeSnapshot());
}

NodeLayer::~NodeLayer() {
  if (health_timer_ != 0) run_.core->Cancel(health_timer_);
}

template <typename Function>
Task NodeLayer::IfAlive(Function function) {
  return [self = std::weak_ptr(self_), function = std::move(function)]() mutable {
    if (const auto layer = self.lock()) function(*layer);
  };
}

void NodeLayer::NoteChange() {
  if (!memory_->has_changes()) oldest_change_at_us_ = clock_->NowUs();
}

void NodeLayer::Put(absl::string_view path, Node node) {
  NoteChange();
  memory_->Put(path, std::move(node));
}

void NodeLayer::Erase(absl::string_view path) {
  NoteChange();
  memory_->Erase(path);
}

void NodeLayer::PutRow(absl::string_view key, std::string value) {
  NoteChange();
  memory_->PutRow(key, std::move(value));
}

void NodeLayer::EraseRow(absl::string_view key) {
  NoteChange();
  memory_->PutRow(key, std::nullopt);
}

absl::Status NodeLayer::ScanRows(
    absl::string_view prefix,
    const std::function<void(absl::string_view key, absl::string_view value)>& visit) const {
  const std::string begin = RowKey(prefix);
  return base_->TakeSnapshot()->Scan(begin, AfterPrefix(begin),
                                     [&](absl::string_view key, absl::string_view value) {
                                       visit(NameOfRowKey(key), value);
                                       return true;
                                     });
}

std::unique_ptr<Pin> NodeLayer::Load(LoadSet set, absl::AnyInvocable<void(absl::Status)> done) {
  if (evict_steps_left_ == 0) {
    const size_t steps = kEvictStepsPerLoad + 4 * set.nodes.size();
    if (!memory_->Evict(CleanBytesMax(), steps)) EvictSoon();
  }
  return loader_->Load(std::move(set), std::move(done));
}

void NodeLayer::Flush(absl::AnyInvocable<void(absl::Status)> done) {
  if (filter_builder_->Due()) RebuildFilter();
  flusher_->Flush(std::move(done));
}

void NodeLayer::RebuildFilter() {
  filter_builder_->Prepare(memory_);
  flusher_->FlushAnd([self = std::weak_ptr(self_), base = base_, core = run_.core,
                      memory = memory_](const absl::Status& status) {
    if (!status.ok()) return;  // the process ends, or memory was replaced
    core->Post([self, memory, snapshot = base->TakeSnapshot()] {
      const auto alive = self.lock();
      if (alive && (*alive)->memory_ == memory) (*alive)->filter_builder_->Scan(snapshot);
    });
  });
}

FlushPlanner::Pressure NodeLayer::PressureNow(uint64_t log_bytes) const {
  return {.active_bytes = memory_->active_bytes(),
          .frozen_bytes = memory_->frozen_bytes(),
          .log_bytes = log_bytes,
          .oldest_change_us = memory_->has_changes() ? clock_->NowUs() - oldest_change_at_us_ : 0};
}

bool NodeLayer::FlushDue(uint64_t log_bytes) const {
  return memory_->has_changes() && planner_.Due(PressureNow(log_bytes), flusher_->health());
}

bool NodeLayer::Overloaded() const {
  return planner_.Overloaded(PressureNow(0), flusher_->health());
}

void NodeLayer::Checkpoint(std::string name,
                           absl::AnyInvocable<void(absl::StatusOr<std::string>)> done) {
  flusher_->FlushAnd([base = base_, core = run_.core, name = std::move(name),
                      done = std::move(done)](const absl::Status& status) mutable {
    absl::StatusOr<std::string> made =
        status.ok() ? base->Checkpoint(name) : absl::StatusOr<std::string>(status);
    core->Post(
        [done = std::move(done), made = std::move(made)]() mutable { done(std::move(made)); });
  });
}

void NodeLayer::DropCheckpoint(absl::string_view name) {
  run_.flush->Run([base = base_, name = std::string(name)] {
    if (const absl::Status status = base->DropCheckpoint(name); !status.ok()) {
      LogWarn("a checkpoint could not be removed; its files take room until the next start",
              {{"checkpoint", name}, {"error", status.message()}});
    }
  });
}

void NodeLayer::RemoveOldStates() {
  run_.flush->Run([base = base_] {
    if (const absl::Status status = base->RemoveUnnamed(); !status.ok()) {
      LogWarn("an old state directory could not be removed; it takes room until the next start",
              {{"error", status.message()}});
    }
  });
}

void NodeLayer::Install(std::string directory, absl::AnyInvocable<void(absl::Status)> done) {
  flusher_->Stop();
  run_.flush->Run([self = std::weak_ptr(self_), core = run_.core, base = base_,
                   directory = std::move(directory), done = std::move(done)]() mutable {
    absl::Status replaced = base->Replace(directory);
    core->Post([self, status = std::move(replaced), done = std::move(done)]() mutable {
      const auto alive = self.lock();
      if (!alive) return;
      NodeLayer& layer = **alive;
      // On an error the process ends; until then what memory holds is still right.
      if (status.ok()) {
        layer.memory_ = std::make_shared<NodeMemory>(layer.options_.hash_seed);
        layer.flusher_->Restart(layer.memory_);
        layer.filter_builder_->Prepare(layer.memory_);
        layer.filter_builder_->Scan(layer.base_->TakeSnapshot());
        layer.loader_->Restart(layer.memory_);
      }
      done(status);
    });
  });
}

void NodeLayer::OpenView(absl::AnyInvocable<void(absl::StatusOr<std::shared_ptr<View>>)> done) {
  flusher_->FlushAnd(
      [base = base_, core = run_.core, done = std::move(done)](const absl::Status& status) mutable {
        absl::StatusOr<std::shared_ptr<View>> view = std::shared_ptr<View>();
        if (status.ok()) {
          view = std::make_shared<SnapshotView>(base->TakeSnapshot());
        } else {
          view = status;
        }
        core->Post(
            [done = std::move(done), view = std::move(view)]() mutable { done(std::move(view)); });
      });
}

uint64_t NodeLayer::CleanBytesMax() const {
  const uint64_t changed =
      memory_->active_bytes() + memory_->frozen_bytes() + memory_->filter_bytes();
  const uint64_t least = options_.memory_budget_bytes / 8;
  return changed + least >= options_.memory_budget_bytes ? least
                                                         : options_.memory_budget_bytes - changed;
}

void NodeLayer::EvictSoon() {
  if (evict_steps_left_ > 0 || memory_->clean_bytes() <= CleanBytesMax()) return;
  // A turn to forget uses and a turn to evict; what is left then is pinned or changed, and the next
  // load tries again.
  evict_steps_left_ = 2 * memory_->evict_turn_steps() + kEvictStepsPerSlice;
  run_.core->Post(IfAlive([](NodeLayer* layer) { layer->EvictSlice(); }));
}

void NodeLayer::EvictSlice() {
  const size_t steps = std::min(kEvictStepsPerSlice, evict_steps_left_);
  evict_steps_left_ -= steps;
  if (memory_->Evict(CleanBytesMax(), steps)) evict_steps_left_ = 0;
  if (evict_steps_left_ == 0) return;
  run_.core->Post(IfAlive([](NodeLayer* layer) { layer->EvictSlice(); }));
}

void NodeLayer::OnFlushed() {
  filter_builder_->CheckSize();
  EvictSoon();
  if (health_timer_ == 0 && planner_.Lags(flusher_->health())) WatchHealth();
}

void NodeLayer::WatchHealth() {
  health_timer_ = run_.core->RunAfter(kHealthPeriodUs, [this] {
    health_timer_ = 0;
    flusher_->RefreshHealth();
    if (planner_.Lags(flusher_->health())) WatchHealth();
  });
}

NodeStore::Usage NodeLayer::GetUsage() const {
  return {.active_bytes = memory_->active_bytes(),
          .frozen_bytes = memory_->frozen_bytes(),
          .clean_bytes = memory_->clean_bytes(),
          .filter_bytes = memory_->filter_bytes(),
          .base_bytes = flusher_->health().bytes,
          .loads = loader_->loads(),
          .load_misses = loader_->keys_loaded(),
          .flushes = flusher_->flushes(),
          .frozen_layers = memory_->frozen().size(),
          .loads_overtaken = loader_->overtaken(),
          .loads_restarted = loader_->restarted(),
          .layers_stacked = flusher_->stacked()};
}

std::unique_ptr<NodeStore> CreateNodeStore(const StoreOptions& options, std::shared_ptr<Base> base,
                                           const StoreExecutors& executors, const Clock* clock) {
  return std::make_unique<NodeLayer>(options, std::move(base), executors, clock);
}

}  // namespace rookery::store
