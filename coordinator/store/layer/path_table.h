// Entries by path: a hash table of tagged pointers in many small shards, so that growing one never
// takes long, with a clock hand over its slots for eviction. Owns its entries.
//
// A slot is one word: bits 0-47 the pointer, 48-62 a part of the hash (so that a miss seldom looks
// at an entry), 63 whether it was looked up since the hand passed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "coordinator/store/layer/entry.h"

namespace rookery::store {

class PathTable {
 public:
  // The order of eviction depends on the seed and the history alone.
  explicit PathTable(uint64_t seed) : seed_(seed) {}
  ~PathTable();
  PathTable(const PathTable&) = delete;
  PathTable& operator=(const PathTable&) = delete;

  static uint64_t Hash(absl::string_view path, uint64_t seed);
  uint64_t Hash(absl::string_view path) const { return Hash(path, seed_); }

  // Null: no entry. Marks the entry as used.
  Entry* Find(absl::string_view path);
  // REQUIRES: no entry of that path.
  void Insert(Entry* entry);
  // Puts `now` in the place of `old`, which the caller owns from here on. REQUIRES: same path.
  void Replace(const Entry* old, Entry* now);

  // Moves the hand over up to `steps` slots. Entries not used since its last visit are offered:
  // if `evict` says yes, the entry leaves the table and is deleted.
  void Sweep(size_t steps, absl::FunctionRef<bool(Entry*)> evict);

  size_t size() const { return size_; }
  // After so many steps the hand has passed every slot, whatever it evicted.
  size_t turn_steps() const { return slots_ + kShards + size_; }

 private:
  using Slot = uint64_t;  // 0: empty

  static constexpr size_t kShards = 256;
  static constexpr size_t kSlotsMin = 8;

  struct Shard {
    std::unique_ptr<Slot[]> slots;
    size_t capacity = 0;  // a power of two, or 0
    size_t size = 0;
  };

  void Grow(Shard* shard);
  Slot* SlotOf(const Entry* entry);
  // Closes the gap that a removal leaves.
  void RemoveAt(Shard* shard, size_t at);

  const uint64_t seed_;
  std::array<Shard, kShards> shards_;
  size_t size_ = 0;
  size_t slots_ = 0;
  size_t hand_shard_ = 0;
  size_t hand_slot_ = 0;
};

}  // namespace rookery::store
