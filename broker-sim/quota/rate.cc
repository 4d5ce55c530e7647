#include "broker-sim/quota/rate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rookery::broker_sim {
namespace {

// As Java rounds to 64 bits, and then keeps the lowest 32 of them: a limit of 0 gives -1, which
// throttles nobody.
int32_t ToThrottleMs(double milliseconds) {
  constexpr double kBound = 0x1p63;
  int64_t rounded = std::numeric_limits<int64_t>::max();
  if (milliseconds < kBound) rounded = std::llround(milliseconds);
  return static_cast<int32_t>(static_cast<uint64_t>(rounded) & 0xFFFFFFFF);
}

}  // namespace

void Rate::Record(double value, int64_t now_ms) {
  if (samples_.empty()) samples_.push_back({now_ms, now_ms, 0});
  if (now_ms - samples_[current_].start_ms >= options_.window_ms) {
    current_ = (current_ + 1) % static_cast<size_t>(options_.samples);
    if (current_ >= samples_.size()) {
      samples_.push_back({now_ms, now_ms, 0});
    } else {
      samples_[current_] = {now_ms, now_ms, 0};
    }
  }
  samples_[current_].sum += value;
  samples_[current_].last_ms = now_ms;
}

void Rate::Purge(int64_t now_ms) {
  const int64_t life_ms = options_.samples * options_.window_ms;
  for (Sample& sample : samples_) {
    if (now_ms - sample.last_ms >= life_ms) sample = {now_ms, now_ms, 0};
  }
}

int64_t Rate::WindowMs(int64_t now_ms) const {
  int64_t oldest_ms = now_ms;
  for (const Sample& sample : samples_) oldest_ms = std::min(oldest_ms, sample.start_ms);
  const int64_t elapsed_ms = now_ms - oldest_ms;
  if (options_.simple) return std::max(elapsed_ms, options_.window_ms);
  // Young rates count as if the whole windows before had been idle, so that a burst is no storm.
  const int64_t whole = elapsed_ms / options_.window_ms;
  const int64_t least = options_.samples - 1;
  const int64_t window_ms =
      whole >= least ? elapsed_ms : elapsed_ms + (least - whole) * options_.window_ms;
  return std::max<int64_t>(1, window_ms);
}

double Rate::Measure(int64_t now_ms) {
  Purge(now_ms);
  double sum = 0;
  for (const Sample& sample : samples_) sum += sample.sum;
  return sum / (static_cast<double>(WindowMs(now_ms)) / 1000);
}

int64_t Rate::ThrottleMs(double limit, int64_t now_ms) {
  const double rate = Measure(now_ms);
  if (rate <= limit) return 0;
  return ToThrottleMs((rate - limit) / limit * static_cast<double>(WindowMs(now_ms)));
}

int64_t Rate::BoundedThrottleMs(double limit, int64_t max_ms, int64_t now_ms) {
  const double rate = Measure(now_ms);
  if (rate <= limit) return 0;
  const double wait_ms = (rate - limit) / limit * static_cast<double>(WindowMs(now_ms));
  return wait_ms < static_cast<double>(max_ms) ? std::llround(wait_ms) : max_ms;
}

void TokenBucket::Refill(double rate, int64_t now_ms) {
  const double burst = options_.samples * (static_cast<double>(options_.window_ms) / 1000) * rate;
  if (filled_ms_ < 0) {
    tokens_ = burst;
  } else {
    tokens_ = std::min(burst, tokens_ + rate * static_cast<double>(now_ms - filled_ms_) / 1000);
  }
  filled_ms_ = now_ms;
}

bool TokenBucket::Take(double tokens, double rate, int64_t now_ms) {
  Refill(rate, now_ms);
  if (tokens_ < 0) return false;
  tokens_ -= tokens;
  return true;
}

void TokenBucket::TakeAnyway(double tokens, double rate, int64_t now_ms) {
  Refill(rate, now_ms);
  tokens_ -= tokens;
}

int64_t TokenBucket::DelayMs(double rate, int64_t now_ms) {
  Refill(rate, now_ms);
  return tokens_ >= 0 ? 0 : ToThrottleMs(-tokens_ / rate * 1000);
}

}  // namespace rookery::broker_sim
