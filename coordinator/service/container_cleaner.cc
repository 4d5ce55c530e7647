#include "coordinator/service/container_cleaner.h"

#include <algorithm>
#include <utility>

namespace rookery::service {
namespace {

constexpr int64_t kMinuteUs = 60'000'000;
// Of one entry; as many as a leader that was held up may make up for at once.
constexpr size_t kDeletionsPerEntryMost = 1000;

}  // namespace

void ContainerCleaner::Begin(int64_t now_us) {
  found_.clear();
  next_look_us_ = now_us + options_.check_interval_us;
  next_deletion_us_ = 0;
}

// No more than can be deleted until the next look, which finds the others.
void ContainerCleaner::Look(int64_t wall_ms) {
  const int64_t until_next = options_.per_minute_max * options_.check_interval_us / kMinuteUs;
  const int64_t unused_before_ms =
      options_.never_used_ms > 0 ? wall_ms - options_.never_used_ms : machine::kNeverMs;
  const auto count_max = static_cast<size_t>(std::max<int64_t>(until_next, 1));
  for (machine::EmptyContainer& one : machine_->EmptyContainers(unused_before_ms, count_max)) {
    found_.push_back(std::move(one));
  }
}

wire::DeleteContainers ContainerCleaner::Tick(int64_t now_us, int64_t wall_ms) {
  wire::DeleteContainers gone;
  if (found_.empty()) {
    if (now_us < next_look_us_) return gone;
    next_look_us_ = std::max(next_look_us_ + options_.check_interval_us, now_us);
    next_deletion_us_ = std::max(next_deletion_us_, now_us);
    Look(wall_ms);
  }
  while (!found_.empty() && next_deletion_us_ <= now_us &&
         gone.containers.size() < kDeletionsPerEntryMost) {
    machine::EmptyContainer& one = found_.front();
    gone.containers.push_back({std::move(one.path), one.used, one.mtime_ms});
    found_.pop_front();
    next_deletion_us_ += kMinuteUs / options_.per_minute_max;
  }
  return gone;
}

}  // namespace rookery::service
