#include "coordinator/store/layer/path_table.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <utility>

#include "coordinator/base/check.h"

namespace rookery::store {
namespace {

constexpr uint64_t kPointerMask = (uint64_t{1} << 48) - 1;
constexpr uint64_t kUsed = uint64_t{1} << 63;
constexpr uint64_t kTagMask = uint64_t{0x7fff} << 48;

// Shard: the highest byte; tag: the fifteen bits below; place: the lowest bits.
size_t ShardOf(uint64_t hash) { return hash >> 56; }
uint64_t TagOf(uint64_t hash) { return (hash << 7) & ~kUsed & kTagMask; }

Entry* EntryIn(uint64_t slot) { return reinterpret_cast<Entry*>(slot & kPointerMask); }

// Entries lie all over memory: asked for early, a path is there when it is hashed. An empty slot
// does no harm: its address is only asked for.
constexpr size_t kSlotsAhead = 8;
void PrefetchPath(uint64_t slot) {
  __builtin_prefetch(reinterpret_cast<const void*>((slot & kPointerMask) + sizeof(Entry)));
}

}  // namespace

PathTable::~PathTable() {
  for (Shard& shard : shards_) {
    for (size_t i = 0; i < shard.capacity; ++i) {
      if (shard.slots[i] != 0) Entry::Delete(EntryIn(shard.slots[i]));
    }
  }
}

uint64_t PathTable::Hash(absl::string_view path, uint64_t seed) {
  return XXH3_64bits_withSeed(path.data(), path.size(), seed);
}

Entry* PathTable::Find(absl::string_view path) {
  const uint64_t hash = Hash(path);
  Shard& shard = shards_[ShardOf(hash)];
  if (shard.capacity == 0) return nullptr;
  const uint64_t tag = TagOf(hash);
  const size_t mask = shard.capacity - 1;
  for (size_t at = hash & mask; shard.slots[at] != 0; at = (at + 1) & mask) {
    if ((shard.slots[at] & kTagMask) != tag) continue;
    Entry* entry = EntryIn(shard.slots[at]);
    if (entry->path_size != path.size() ||
        std::memcmp(entry->path().data(), path.data(), path.size()) != 0) {
      continue;
    }
    shard.slots[at] |= kUsed;
    return entry;
  }
  return nullptr;
}

void PathTable::Insert(Entry* entry) {
  const auto pointer = reinterpret_cast<uint64_t>(entry);
  ROOKERY_CHECK((pointer & ~kPointerMask) == 0) << "addresses have more than 48 bits";
  const uint64_t hash = Hash(entry->path());
  Shard& shard = shards_[ShardOf(hash)];
  if (4 * (shard.size + 1) > 3 * shard.capacity) Grow(&shard);
  const size_t mask = shard.capacity - 1;
  size_t at = hash & mask;
  while (shard.slots[at] != 0) at = (at + 1) & mask;
  shard.slots[at] = pointer | TagOf(hash) | kUsed;
  ++shard.size;
  ++size_;
}

void PathTable::Grow(Shard* shard) {
  const size_t capacity = shard->capacity == 0 ? kSlotsMin : 2 * shard->capacity;
  auto slots = std::make_unique<Slot[]>(capacity);
  for (size_t i = 0; i < shard->capacity; ++i) {
    if (i + kSlotsAhead < shard->capacity) PrefetchPath(shard->slots[i + kSlotsAhead]);
    const Slot slot = shard->slots[i];
    if (slot == 0) continue;
    size_t at = Hash(EntryIn(slot)->path()) & (capacity - 1);
    while (slots[at] != 0) at = (at + 1) & (capacity - 1);
    slots[at] = slot;
  }
  shard->slots = std::move(slots);
  slots_ += capacity - shard->capacity;
  shard->capacity = capacity;
}

PathTable::Slot* PathTable::SlotOf(const Entry* entry) {
  const uint64_t hash = Hash(entry->path());
  Shard& shard = shards_[ShardOf(hash)];
  const size_t mask = shard.capacity - 1;
  size_t at = hash & mask;
  while (EntryIn(shard.slots[at]) != entry) {
    ROOKERY_CHECK(shard.slots[at] != 0) << "no entry of " << std::string(entry->path());
    at = (at + 1) & mask;
  }
  return &shard.slots[at];
}

void PathTable::Replace(const Entry* old, Entry* now) {
  Slot* slot = SlotOf(old);
  *slot = (*slot & ~kPointerMask) | reinterpret_cast<uint64_t>(now) | kUsed;
}

void PathTable::RemoveAt(Shard* shard, size_t at) {
  const size_t mask = shard->capacity - 1;
  size_t hole = at;
  for (size_t next = (hole + 1) & mask; shard->slots[next] != 0; next = (next + 1) & mask) {
    const size_t home = Hash(EntryIn(shard->slots[next])->path()) & mask;
    // It may move back into the hole unless its home lies behind the hole.
    if (((next - home) & mask) < ((next - hole) & mask)) continue;
    shard->slots[hole] = shard->slots[next];
    hole = next;
  }
  shard->slots[hole] = 0;
  --shard->size;
  --size_;
}

void PathTable::Sweep(size_t steps, absl::FunctionRef<bool(Entry*)> evict) {
  while (steps-- > 0) {
    Shard& shard = shards_[hand_shard_];
    if (hand_slot_ >= shard.capacity) {
      hand_slot_ = 0;
      hand_shard_ = (hand_shard_ + 1) % kShards;
      continue;
    }
    Slot& slot = shard.slots[hand_slot_];
    if (slot != 0 && (slot & kUsed) == 0) {
      Entry* entry = EntryIn(slot);
      if (evict(entry)) {
        // The gap may be filled by a later entry: the hand stays.
        RemoveAt(&shard, hand_slot_);
        Entry::Delete(entry);
        continue;
      }
    }
    slot &= ~kUsed;
    ++hand_slot_;
  }
}

}  // namespace rookery::store
