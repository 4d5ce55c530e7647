// What the layer knows of one path: one allocation with the path behind it, since a server holds
// millions of them.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "coordinator/store/node.h"

namespace rookery::store {

enum class EntryState : uint8_t {
  kPresent,
  kAbsent,   // known not to exist
  kLoading,  // the base is being asked
};

// Core executor only, except that a flush reads `node`, `state`, `below_present` and the path of a
// frozen entry, which nobody changes then.
struct Entry {
  Node node;
  // The layer of the last change; 0: as the base had it. Frozen and not to be changed while that
  // layer is frozen.
  uint64_t generation = 0;
  uint32_t path_size = 0;
  uint32_t pins = 0;
  EntryState state = EntryState::kLoading;
  bool below_present = false;     // changed entries: what the layers below and the base say
  bool in_child_changes = false;  // changed entries: the layer's child changes name it
  bool superseded = false;        // a newer entry stands in the table; a frozen layer owns this one
  bool orphaned = false;          // superseded, and the layer is gone: the last pin owns it

  static Entry* New(absl::string_view path);
  static void Delete(Entry* entry);

  absl::string_view path() const {
    return {reinterpret_cast<const char*>(this) + sizeof(Entry), path_size};
  }
  // What it takes of memory, about, with what malloc adds.
  uint64_t Bytes() const {
    const uint64_t data = node.data.has_value() && node.data->capacity() > kInlineCapacity
                              ? node.data->capacity() + kMallocBytes
                              : 0;
    return sizeof(Entry) + path_size + kMallocBytes + kSlotBytes + data;
  }

 private:
  static constexpr uint64_t kInlineCapacity = 15;  // of std::string
  static constexpr uint64_t kMallocBytes = 16;
  static constexpr uint64_t kSlotBytes = 12;  // its share of the table

  Entry() = default;
  ~Entry() = default;
};

}  // namespace rookery::store
