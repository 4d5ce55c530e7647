#include "coordinator/store/layer/loader.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/model/path.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/node_codec.h"

namespace rookery::store {

// Shared by the job and the caller, so that a pin dropped early does not pull the entries away.
struct Loader::Pins {
  explicit Pins(std::shared_ptr<NodeMemory> m) : memory(std::move(m)) {}
  ~Pins() { Drop(); }
  Pins(const Pins&) = delete;
  Pins& operator=(const Pins&) = delete;

  void Drop() {
    for (Entry* entry : entries) memory->Unpin(entry);
    for (ChildList* list : lists) memory->Unpin(list);
    entries.clear();
    lists.clear();
  }

  std::shared_ptr<NodeMemory> memory;
  std::vector<Entry*> entries;
  std::vector<ChildList*> lists;
};

class Loader::PinHandle final : public store::Pin {
 public:
  explicit PinHandle(std::shared_ptr<Pins> pins) : pins_(std::move(pins)) {}

 private:
  std::shared_ptr<Pins> pins_;
};

Loader::Loader(Executor* core, BackgroundExecutor* background, std::shared_ptr<Base> base,
               std::shared_ptr<NodeMemory> memory)
    : core_(core),
      background_(background),
      base_(std::move(base)),
      memory_(std::move(memory)),
      self_(std::make_shared<Loader*>(this)) {}

std::unique_ptr<Pin> Loader::Load(LoadSet set, Done done) {
  const uint64_t id = ++last_id_;
  Job& job = jobs_[id];
  job.set = std::move(set);
  job.done = std::move(done);
  job.pins = std::make_shared<Pins>(memory_);
  auto pin = std::make_unique<PinHandle>(job.pins);
  Begin(id, &job);
  return pin;
}

void Loader::Begin(uint64_t id, Job* job) {
  std::set<uint64_t> others;
  // True if this job is the one to ask for it.
  const auto claim = [&](const void* what) {
    const auto [place, mine] = loading_.try_emplace(what, id);
    if (!mine && place->second != id) others.insert(place->second);
    return mine;
  };
  job->pins->entries.reserve(job->set.nodes.size());
  for (const std::string& path : job->set.nodes) {
    Entry* entry = memory_->Pin(path);
    job->pins->entries.push_back(entry);
    if (entry->state == EntryState::kLoading && claim(entry)) job->entries.push_back(entry);
  }
  for (const std::string& parent : job->set.child_lists) {
    ChildList* list = memory_->PinList(parent);
    job->pins->lists.push_back(list);
    if (list->loading && claim(list)) job->lists.push_back(list);
  }
  for (const uint64_t other : others) jobs_.at(other).waiters.push_back(id);
  job->unresolved = others.size() + 1;
  if (job->entries.empty() && job->lists.empty()) {
    core_->Post([self = std::weak_ptr(self_), id, round = round_] {
      const auto loader = self.lock();
      if (loader && (*loader)->round_ == round) (*loader)->Resolve(id, absl::OkStatus());
    });
    return;
  }
  std::sort(job->entries.begin(), job->entries.end(),
            [](const Entry* a, const Entry* b) { return PathBefore(a->path(), b->path()); });
  if (!job->lists.empty()) job->list_ticket = memory_->BeginListLoad();
  job->generation = memory_->retired_generation();
  AskBase(id, *job);
}

void Loader::AskBase(uint64_t id, const Job& job) {
  ++loads_;
  keys_loaded_ += job.entries.size() + job.lists.size();
  std::vector<std::string> keys;
  keys.reserve(job.entries.size());
  for (const Entry* entry : job.entries) keys.push_back(NodeKey(entry->path()));
  std::vector<std::string> parents;
  for (const ChildList* list : job.lists) parents.push_back(list->parent);
  background_->Run([self = std::weak_ptr(self_), core = core_, base = base_, id, round = round_,
                    keys = std::move(keys), parents = std::move(parents)] {
    core->Post([self, id, round, answer = Read(*base, keys, parents)]() mutable {
      const auto loader = self.lock();
      if (loader && (*loader)->round_ == round) (*loader)->OnAnswer(id, std::move(answer));
    });
  });
}

Loader::Answer Loader::Read(const Base& base, const std::vector<std::string>& keys,
                            const std::vector<std::string>& parents) {
  Answer answer;
  std::vector<std::optional<std::string>> values;
  if (!keys.empty()) answer.status = base.MultiGet(keys, &values);
  for (size_t i = 0; i < values.size() && answer.status.ok(); ++i) {
    answer.nodes.emplace_back();
    if (!values[i].has_value()) continue;
    absl::StatusOr<Node> node = DecodeNode(*values[i]);
    if (node.ok()) {
      answer.nodes.back() = *std::move(node);
    } else {
      const std::string path(PathOfNodeKey(keys[i]));
      answer.status = absl::Status(node.status().code(),
                                   absl::StrCat("node ", path, ": ", node.status().message()));
    }
  }
  if (parents.empty() || !answer.status.ok()) return answer;
  const auto snapshot = base.TakeSnapshot();
  for (const std::string& parent : parents) {
    NameSet& names = answer.lists.emplace_back();
    const std::string prefix = ChildrenPrefix(parent);
    answer.status =
        snapshot->Scan(prefix, AfterPrefix(prefix), [&](absl::string_view key, absl::string_view) {
          names.emplace_hint(names.end(), key.substr(prefix.size()));
          return true;
        });
    if (!answer.status.ok()) break;
  }
  return answer;
}

void Loader::OnAnswer(uint64_t id, Answer answer) {
  const auto place = jobs_.find(id);
  if (place == jobs_.end()) return;  // failed with another job
  Job& job = place->second;
  if (memory_->retired_generation() != job.generation) ++overtaken_;
  if (answer.status.ok()) {
    for (size_t i = 0; i < job.entries.size(); ++i) {
      memory_->Fill(job.entries[i], std::move(answer.nodes[i]));
    }
    for (size_t i = 0; i < job.lists.size(); ++i) {
      memory_->Fill(job.lists[i], std::move(answer.lists[i]));
    }
  }
  for (const Entry* entry : job.entries) loading_.erase(entry);
  for (const ChildList* list : job.lists) loading_.erase(list);
  if (!job.lists.empty()) memory_->EndListLoad(job.list_ticket);
  const std::vector<uint64_t> waiters = std::move(job.waiters);
  const std::weak_ptr<Loader*> self = self_;
  Resolve(id, answer.status);
  for (const uint64_t waiter : waiters) {
    if (self.expired()) return;  // a `done` ended the store
    Resolve(waiter, answer.status);
  }
}

void Loader::Resolve(uint64_t id, const absl::Status& status) {
  const auto place = jobs_.find(id);
  if (place == jobs_.end()) return;  // failed before
  if (status.ok() && --place->second.unresolved > 0) return;
  Job job = std::move(place->second);
  jobs_.erase(place);
  job.done(status);
}

void Loader::Restart(std::shared_ptr<NodeMemory> memory) {
  ++round_;
  restarted_ += jobs_.size();
  memory_ = std::move(memory);
  loading_.clear();
  for (auto& [id, job] : jobs_) {
    job.pins->Drop();
    job.pins->memory = memory_;
    job.entries.clear();
    job.lists.clear();
    job.waiters.clear();
  }
  for (auto& [id, job] : jobs_) Begin(id, &job);
}

}  // namespace rookery::store
