#include "coordinator/store/layer/absence_filter.h"

namespace rookery::store {
namespace {

constexpr uint64_t kBitsPerPath = 16;
constexpr uint64_t kBitsPerBlock = 512;
constexpr int kProbes = 7;  // nine bits of the second hash each
constexpr uint64_t kFirstCapacity = 128 << 10;
constexpr uint64_t kGrowth = 8;

size_t BlockOf(uint64_t hash, size_t blocks) { return ((hash >> 32) * blocks) >> 32; }

// Independent enough of the bits that choose the block.
uint64_t SecondHash(uint64_t hash) {
  hash *= 0x9e3779b97f4a7c15u;
  return hash ^ (hash >> 29);
}

}  // namespace

void AbsenceFilter::AddPart() {
  Part& part = parts_.emplace_back();
  part.capacity = parts_.size() == 1 ? kFirstCapacity : kGrowth * parts_.rbegin()[1].capacity;
  part.blocks.resize(part.capacity * kBitsPerPath / kBitsPerBlock);
  bytes_ += part.blocks.size() * sizeof(Block);
}

void AbsenceFilter::Add(uint64_t hash) {
  if (parts_.empty() || parts_.back().added == parts_.back().capacity) AddPart();
  Part& part = parts_.back();
  Block& block = part.blocks[BlockOf(hash, part.blocks.size())];
  uint64_t bits = SecondHash(hash);
  for (int i = 0; i < kProbes; ++i, bits >>= 9) {
    block[(bits >> 6) & 7] |= uint64_t{1} << (bits & 63);
  }
  ++part.added;
  ++added_;
}

bool AbsenceFilter::MayContain(uint64_t hash) const {
  const uint64_t second = SecondHash(hash);
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
    const Block& block = part->blocks[BlockOf(hash, part->blocks.size())];
    uint64_t bits = second;
    bool all = true;
    for (int i = 0; i < kProbes && all; ++i, bits >>= 9) {
      all = (block[(bits >> 6) & 7] >> (bits & 63)) & 1;
    }
    if (all) return true;
  }
  return false;
}

}  // namespace rookery::store
