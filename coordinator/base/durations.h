// How long something took, many times over: count, sum, extremes and quantiles in fixed memory.
#pragma once

#include <array>
#include <cstdint>

namespace rookery {

// Durations in buckets a quarter of a power of two wide.
class Durations {
 public:
  void Add(int64_t us);
  uint64_t count() const { return count_; }
  int64_t sum_us() const { return sum_us_; }
  int64_t min_us() const { return count_ == 0 ? 0 : min_us_; }
  int64_t max_us() const { return max_us_; }
  double mean_us() const { return count_ == 0 ? 0 : static_cast<double>(sum_us_) / count_; }
  // Upper end of the bucket in which the quantile (0 to 1) lies.
  int64_t QuantileUs(double quantile) const;

 private:
  uint64_t count_ = 0;
  int64_t sum_us_ = 0;
  int64_t min_us_ = 0;
  int64_t max_us_ = 0;
  std::array<uint64_t, 160> buckets_ = {};
};

}  // namespace rookery
