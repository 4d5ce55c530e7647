// Which paths surely are absent: a Bloom filter over all paths that exist, so that creating nodes
// and asking for missing ones costs no look into the base.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rookery::store {

// Grows by parts, each eight times the last, since nobody knows how many paths come. A path that
// was added stays, also after its node is gone; who owns this makes a new one when too many are.
class AbsenceFilter {
 public:
  // `hash`: 64 good bits of a path, the same function throughout.
  void Add(uint64_t hash);
  // False: it was never added. True for about two in a thousand others.
  bool MayContain(uint64_t hash) const;

  uint64_t added() const { return added_; }
  uint64_t bytes() const { return bytes_; }

 private:
  using Block = std::array<uint64_t, 8>;  // one line of the processor's cache
  struct Part {
    std::vector<Block> blocks;
    uint64_t capacity = 0;  // paths
    uint64_t added = 0;
  };

  void AddPart();

  std::vector<Part> parts_;  // the last one takes what is added
  uint64_t added_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace rookery::store
