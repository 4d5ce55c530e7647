#include "coordinator/store/layer/filter_builder.h"

#include <utility>
#include <vector>

#include "coordinator/base/logging.h"
#include "coordinator/store/keys.h"

namespace rookery::store {
namespace {

// A state as small as this is read at once, a larger one when the server has started.
constexpr size_t kFirstSliceKeys = 1000;
constexpr int64_t kStartDelayUs = 3'000'000;
constexpr size_t kSliceKeys = 10'000;  // some milliseconds
constexpr int64_t kPauseUs = 10'000;

// Paths that are gone are let be up to so many beside as many as there are nodes.
constexpr uint64_t kGonePathsMax = 1'000'000;
constexpr uint64_t kFilterBytesPerNode = 2;

}  // namespace

FilterBuilder::FilterBuilder(Executor* core, BackgroundExecutor* background, uint64_t hash_seed,
                             uint64_t bytes_max)
    : core_(core),
      background_(background),
      hash_seed_(hash_seed),
      bytes_max_(bytes_max),
      self_(std::make_shared<FilterBuilder*>(this)) {}

FilterBuilder::~FilterBuilder() { Stop(); }

void FilterBuilder::Stop() {
  ++round_;
  building_ = false;
  snapshot_.reset();
  if (timer_ != 0) core_->Cancel(std::exchange(timer_, 0));
}

void FilterBuilder::Prepare(std::shared_ptr<NodeMemory> memory) {
  Stop();
  memory_ = std::move(memory);
  if (bytes_max_ == 0) return;
  building_ = true;
  memory_->BeginFilter();
}

void FilterBuilder::Scan(std::shared_ptr<const Base::Snapshot> snapshot) {
  if (!building_) return;
  snapshot_ = std::move(snapshot);
  next_key_ = std::string(1, kNodePrefix);
  scanned_ = 0;
  ReadSlice(started_ ? kSliceKeys : kFirstSliceKeys);
}

void FilterBuilder::ReadSlice(size_t keys_max) {
  background_->Run([self = std::weak_ptr(self_), core = core_, snapshot = snapshot_,
                    begin = next_key_, seed = hash_seed_, round = round_, keys_max] {
    std::vector<uint64_t> hashes;
    std::string next_key;
    const absl::Status status =
        snapshot->Scan(begin, AfterPrefix(std::string(1, kNodePrefix)),
                       [&](absl::string_view key, absl::string_view) {
                         if (hashes.size() == keys_max) {
                           next_key = std::string(key);
                           return false;
                         }
                         hashes.push_back(PathTable::Hash(PathOfNodeKey(key), seed));
                         return true;
                       });
    core->Post([self, status, round, hashes = std::move(hashes), next_key = std::move(next_key)] {
      const auto builder = self.lock();
      if (!builder || (*builder)->round_ != round) return;
      if (status.ok()) {
        (*builder)->OnSlice(hashes, next_key);
      } else {
        // Whoever needs the base will find the same error and end the process for it.
        LogWarn("the filter of absent paths could not be built", {{"error", status.message()}});
        (*builder)->Stop();
      }
    });
  });
}

void FilterBuilder::OnSlice(const std::vector<uint64_t>& hashes, std::string next_key) {
  for (const uint64_t hash : hashes) memory_->AddToNextFilter(hash);
  scanned_ += hashes.size();
  CheckSize();
  if (!building_) return;  // too big
  if (next_key.empty()) {
    memory_->FinishFilter(scanned_);
    Stop();
    return;
  }
  next_key_ = std::move(next_key);
  timer_ = core_->RunAfter(started_ ? kPauseUs : kStartDelayUs, [this] {
    timer_ = 0;
    started_ = true;
    ReadSlice(kSliceKeys);
  });
}

bool FilterBuilder::Due() const {
  if (building_ || memory_ == nullptr) return false;
  const auto nodes = memory_->nodes_counted();
  if (!nodes.has_value() || *nodes * kFilterBytesPerNode > bytes_max_ / 2) return false;
  return memory_->filter() == nullptr || memory_->filter()->added() > 2 * *nodes + kGonePathsMax;
}

void FilterBuilder::CheckSize() {
  if (memory_ == nullptr || memory_->filter_bytes() <= bytes_max_) return;
  memory_->DropFilters();
  if (building_) Stop();
}

}  // namespace rookery::store
