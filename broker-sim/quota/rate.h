// How fast something goes, as Kafka measures it for quotas: sums over windows of a second, the last
// ten whole ones and the present one. Source: kafka-on-zookeeper 3.13; compared with Kafka's own
// classes by tests/unit/kafka_classes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rookery::broker_sim {

struct RateOptions {
  int samples = 11;          // quota.window.num
  int64_t window_ms = 1000;  // quota.window.size.seconds
  // Over the time that has really passed, a window at least (Kafka's SimpleRate, for replication):
  // a young rate counts as high as it is.
  bool simple = false;
};

class Rate {
 public:
  explicit Rate(RateOptions options = {}) : options_(options) {}

  void Record(double value, int64_t now_ms);
  // Per second.
  double Measure(int64_t now_ms);
  // How long to wait until the rate is at `limit`: 0 unless it is above. In the 32 bits that Kafka
  // keeps it in: with a limit of 0, and far above any limit, it may be negative or too short.
  int64_t ThrottleMs(double limit, int64_t now_ms);
  // The same where Kafka sets a bound, which it does before it rounds.
  int64_t BoundedThrottleMs(double limit, int64_t max_ms, int64_t now_ms);

 private:
  struct Sample {
    int64_t start_ms = 0;
    int64_t last_ms = 0;
    double sum = 0;
  };
  void Purge(int64_t now_ms);
  // Over how long the samples speak.
  int64_t WindowMs(int64_t now_ms) const;

  const RateOptions options_;
  std::vector<Sample> samples_;
  size_t current_ = 0;
};

// Kafka's token bucket, for changes of topics. It starts full; a request may leave it in debt.
class TokenBucket {
 public:
  explicit TokenBucket(RateOptions options = {}) : options_(options) {}
  // False: there is a debt, and the request is refused (strict mode).
  bool Take(double tokens, double rate, int64_t now_ms);
  // Takes them also in debt, as older requests may.
  void TakeAnyway(double tokens, double rate, int64_t now_ms);
  // Until there is no debt.
  int64_t DelayMs(double rate, int64_t now_ms);

 private:
  void Refill(double rate, int64_t now_ms);

  const RateOptions options_;
  double tokens_ = 0;
  int64_t filled_ms_ = -1;
};

}  // namespace rookery::broker_sim
