// The names of children of those parents that somebody listed, each list complete and kept current
// by every change.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace rookery::store {

using NameSet = absl::btree_set<std::string>;

struct ChildList {
  std::string parent;
  NameSet names;
  uint64_t bytes = 0;
  uint32_t pins = 0;
  bool loading = true;  // `names` means nothing yet
  std::list<ChildList*>::iterator use;
};

// About what a list takes of memory.
uint64_t BytesOf(const NameSet& names);

// Core executor only.
class ChildLists {
 public:
  // Null: unknown. Counts as a use.
  ChildList* Find(absl::string_view parent);
  // A list that is being loaded. REQUIRES: there is none.
  ChildList* Add(absl::string_view parent);
  // The list is known from here on.
  void Fill(ChildList* list, NameSet names);
  // A child came (`present`) or went. Does nothing to lists that are unknown or loading.
  void Update(absl::string_view parent, absl::string_view name, bool present);
  // Forgets the least used unpinned list. False: there is none.
  bool EvictOne();

  uint64_t bytes() const { return bytes_; }

 private:
  absl::flat_hash_map<std::string, std::unique_ptr<ChildList>> lists_;
  std::list<ChildList*> uses_;  // latest first
  uint64_t bytes_ = 0;          // of lists that are known
};

}  // namespace rookery::store
