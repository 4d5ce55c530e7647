// The newest changes of what may be Kafka's nodes, in the agreed order, with what each node said
// before: enough to tell every watcher, from any zxid that is kept, what happened. Bounded by
// bytes; the oldest are forgotten first, so a slow reader costs nothing but its own place.
//
// Every server keeps its own, and they agree on what each zxid changed: a watcher goes on at
// another server. Core executor only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "coordinator/model/node_change.h"

namespace rookery::kafka {

// What one request changed.
struct JournalEntry {
  model::Zxid zxid = 0;
  std::vector<model::NodeChange> changes;  // not empty
};

class MetadataJournal final : public model::ChangeSink {
 public:
  using Entries = std::vector<std::shared_ptr<const JournalEntry>>;

  explicit MetadataJournal(size_t bytes_max) : bytes_max_(bytes_max) {}

  // True if every change after `zxid` is kept.
  bool Keeps(model::Zxid zxid) const { return zxid >= forgotten_; }
  // The oldest that Keeps() is true for.
  model::Zxid oldest() const { return forgotten_; }
  // The oldest entries after `zxid`, up to about `bytes_max`, at least one if there is one.
  // REQUIRES: Keeps(zxid).
  Entries After(model::Zxid zxid, size_t bytes_max) const;

  // Calls `wake` once, from inside the next change. Returns a number for Forget().
  uint64_t WakeAtNext(absl::AnyInvocable<void()> wake);
  void Forget(uint64_t waiter) { waiting_.erase(waiter); }

  size_t bytes() const { return bytes_; }

  // model::ChangeSink.
  bool Wants(absl::string_view path) const override;
  void OnChange(model::Zxid zxid, model::NodeChange change) override;
  void OnState(model::Zxid zxid) override;

 private:
  struct Kept {
    std::shared_ptr<JournalEntry> entry;
    size_t bytes = 0;
  };

  const size_t bytes_max_;
  std::deque<Kept> kept_;  // by zxid
  size_t bytes_ = 0;       // of kept_
  // Of the newest change that is not kept; before the first OnState nothing is.
  model::Zxid forgotten_ = 0;
  std::map<uint64_t, absl::AnyInvocable<void()>> waiting_;
  uint64_t last_waiter_ = 0;
};

}  // namespace rookery::kafka
