// Which children of which parents came or went in one layer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "coordinator/store/layer/entry.h"

namespace rookery::store {

class ChildChanges {
 public:
  // REQUIRES: the entry lives as long as this; it is not the root; it was not added before.
  void Add(Entry* entry);

  // Visits the changed children of `parent`, in no particular order. Whether each is there now or
  // not is for its entry to say, whose state never becomes older than this layer.
  void Visit(absl::string_view parent, absl::FunctionRef<void(const Entry&)> visit) const;

  // Takes over what a newer layer changed.
  void Absorb(ChildChanges newer);

  bool empty() const { return by_parent_.empty(); }

 private:
  absl::flat_hash_map<std::string, std::vector<Entry*>> by_parent_;
};

}  // namespace rookery::store
