#include "coordinator/service/barriers.h"

#include <iterator>
#include <utility>

#include "absl/status/statusor.h"

namespace rookery::service {
namespace {

// A lost request is asked again inside of consensus; this bounds how long one try keeps the others
// waiting.
constexpr int64_t kBarrierTimeoutUs = 1'000'000;
constexpr int64_t kRetryDelayUs = 10'000;

}  // namespace

void Barriers::Wait(Done done) {
  next_.push_back(std::move(done));
  if (!under_way_) Begin();
}

void Barriers::Begin() {
  under_way_ = true;
  std::move(next_.begin(), next_.end(), std::back_inserter(asking_));
  next_.clear();
  consensus_->Barrier(clock_->NowUs() + kBarrierTimeoutUs,
                      [this, alive = alive_](absl::StatusOr<uint64_t> index) {
                        if (*alive) OnIndex(std::move(index));
                      });
}

void Barriers::OnIndex(absl::StatusOr<uint64_t> index) {
  if (!index.ok()) {
    // No leader: a later barrier serves those who wait as well.
    core_->RunAfter(kRetryDelayUs, [this, alive = alive_] {
      if (!*alive) return;
      under_way_ = false;
      if (!asking_.empty() || !next_.empty()) Begin();
    });
    return;
  }
  under_way_ = false;
  for (Done& done : std::exchange(asking_, {})) ready_.emplace(*index, std::move(done));
  if (!next_.empty()) Begin();
  // Not from inside of Barrier(), whose caller is not ready for it.
  core_->Post([this, alive = alive_] {
    if (*alive) OnApplied(applied_);
  });
}

void Barriers::OnApplied(uint64_t index) {
  applied_ = index;
  while (!ready_.empty() && ready_.begin()->first <= applied_) {
    auto first = ready_.extract(ready_.begin());
    first.mapped()();
  }
}

void Barriers::Forget() {
  next_.clear();
  asking_.clear();
  ready_.clear();
}

}  // namespace rookery::service
