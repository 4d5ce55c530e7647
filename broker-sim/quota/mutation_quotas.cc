#include "broker-sim/quota/mutation_quotas.h"

#include <algorithm>

namespace rookery::broker_sim {

int64_t MutationQuotas::Take(const std::string& user, const std::string& client_id,
                             int32_t partitions, int64_t now_ms) {
  const std::optional<kafka::Quota> quota = Of(user, client_id);
  if (!quota.has_value() || !quota->limit.has_value()) return 0;
  TokenBucket& bucket = buckets_[quota->sensor];
  if (bucket.Take(partitions, *quota->limit, now_ms)) return 0;
  return std::max<int64_t>(1, bucket.DelayMs(*quota->limit, now_ms));
}

}  // namespace rookery::broker_sim
