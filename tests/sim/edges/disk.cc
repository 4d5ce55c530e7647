#include "tests/sim/edges/disk.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "coordinator/base/check.h"
#include "coordinator/consensus/log/durable_mark.h"

namespace rookery::sim {
namespace {

// Keys in one damaged block.
constexpr size_t kBlockKeys = 6;
constexpr absl::string_view kMark = consensus::DurableMarkFile::kName;

}  // namespace

SimDisk::SimDisk(uint64_t seed) : gate_(seed) {}

absl::StatusOr<std::shared_ptr<store::Base>> SimDisk::OpenBase(const std::string& name,
                                                               const DiskBaseOptions& options) {
  return OpenDiskBase(&gate_, &states_, &checkpoints_, name, options);
}

void SimDisk::RemoveOldCheckpoints() {
  const std::vector<std::string> names = *checkpoints_.Directories();
  for (const std::string& name : names) {
    if (!absl::EndsWith(name, ".part")) checkpoints_.Drop(name);
  }
}

int SimDisk::LosePower() {
  checkpoints_.LosePower();
  const absl::string_view spared = log_damaged() ? kMark : "";
  return files_.LosePower(spared) + log_.LosePower() + states_.LosePower();
}

bool SimDisk::FlipLog() { return !files_.LacksAWrite(kMark) && log_.Flip(); }

void SimDisk::Wipe() {
  files_.Wipe();
  log_.Wipe();
  const std::vector<std::string> names = *checkpoints_.Directories();
  for (const std::string& name : names) checkpoints_.Drop(name);
  const uint64_t scans = states_.scans_across_install;
  states_ = {.scans_across_install = scans};
}

bool SimDisk::state_damaged() {
  return std::any_of(states_.damage.begin(), states_.damage.end(),
                     [this](const auto& each) { return states_.IsDamaged(each.first); });
}

bool SimDisk::FlipState() {
  const std::vector<std::string> names = states_.disk->StateNames();
  if (names.empty()) return false;
  bool flipped = false;
  states_.disk->ReadState(names.back(), [&](const store::MemoryDisk::Map& map) {
    if (map.size() <= kBlockKeys) return;
    auto at = map.begin();
    std::advance(at, gate_.random().Below(map.size() - kBlockKeys));
    DiskStates::Range range = {.begin = at->first, .end = ""};
    std::advance(at, kBlockKeys - 1);
    range.end = at->first;
    states_.damage[names.back()].push_back(std::move(range));
    flipped = true;
  });
  return flipped;
}

}  // namespace rookery::sim
