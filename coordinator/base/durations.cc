#include "coordinator/base/durations.h"

#include <algorithm>
#include <bit>

namespace rookery {
namespace {

// Values below 4 have a bucket each; above, four buckets share each power of two.
size_t BucketOf(int64_t us) {
  const auto value = static_cast<uint64_t>(std::max<int64_t>(us, 0));
  if (value < 4) return value;
  const int power = std::bit_width(value) - 1;
  return 4 * (power - 1) + ((value >> (power - 2)) & 3);
}

int64_t UpperEnd(size_t bucket) {
  if (bucket < 4) return static_cast<int64_t>(bucket);
  const size_t power = bucket / 4 + 1;
  const int64_t quarter = int64_t{1} << (power - 2);
  return (int64_t{1} << power) + quarter * static_cast<int64_t>(bucket % 4 + 1) - 1;
}

}  // namespace

void Durations::Add(int64_t us) {
  min_us_ = count_ == 0 ? us : std::min(min_us_, us);
  max_us_ = std::max(max_us_, us);
  sum_us_ += us;
  ++count_;
  ++buckets_[std::min(BucketOf(us), buckets_.size() - 1)];
}

int64_t Durations::QuantileUs(double quantile) const {
  const double wanted = quantile * static_cast<double>(count_);
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen > 0 && static_cast<double>(seen) >= wanted) return std::min(UpperEnd(i), max_us_);
  }
  return max_us_;
}

}  // namespace rookery
