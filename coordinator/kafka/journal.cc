#include "coordinator/kafka/journal.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "coordinator/kafka/layout.h"
#include "coordinator/kafka/paths.h"

namespace rookery::kafka {
namespace {

size_t BytesOf(const std::optional<model::NodeState>& node) {
  return node.has_value() && node->data.has_value() ? node->data->size() : 0;
}

size_t BytesOf(const model::NodeChange& change) {
  return sizeof(change) + change.path.size() + BytesOf(change.before) + BytesOf(change.after);
}

bool HasData(const std::optional<model::NodeState>& node) {
  return node.has_value() && node->data.has_value();
}

}  // namespace

MetadataJournal::Entries MetadataJournal::After(model::Zxid zxid, size_t bytes_max) const {
  auto at =
      std::upper_bound(kept_.begin(), kept_.end(), zxid,
                       [](model::Zxid one, const Kept& kept) { return one < kept.entry->zxid; });
  Entries entries;
  for (size_t bytes = 0; at != kept_.end() && bytes < bytes_max; ++at) {
    entries.push_back(at->entry);
    bytes += at->bytes;
  }
  return entries;
}

uint64_t MetadataJournal::WakeAtNext(absl::AnyInvocable<void()> wake) {
  waiting_[++last_waiter_] = std::move(wake);
  return last_waiter_;
}

bool MetadataJournal::Wants(absl::string_view path) const { return MayMeanSomething(path); }

void MetadataJournal::OnChange(model::Zxid zxid, model::NodeChange change) {
  // Inner nodes hold nothing; of the nodes that say something only marks of deletion are empty.
  if (!HasData(change.before) && !HasData(change.after) &&
      !absl::StrContains(change.path, kDeleteTopicsPath)) {
    return;
  }
  if (kept_.empty() || kept_.back().entry->zxid != zxid) {
    kept_.push_back({std::make_shared<JournalEntry>(JournalEntry{.zxid = zxid}), sizeof(Kept)});
    bytes_ += sizeof(Kept);
  }
  Kept& last = kept_.back();
  const size_t bytes = BytesOf(change);
  last.entry->changes.push_back(std::move(change));
  last.bytes += bytes;
  bytes_ += bytes;
  // Also the newest, if it alone is too large.
  while (bytes_ > bytes_max_ && !kept_.empty()) {
    forgotten_ = kept_.front().entry->zxid;
    bytes_ -= kept_.front().bytes;
    kept_.pop_front();
  }
  for (auto& [waiter, wake] : std::exchange(waiting_, {})) wake();
}

void MetadataJournal::OnState(model::Zxid zxid) {
  kept_.clear();
  bytes_ = 0;
  forgotten_ = zxid;
}

}  // namespace rookery::kafka
