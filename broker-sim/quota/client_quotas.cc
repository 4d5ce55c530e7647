#include "broker-sim/quota/client_quotas.h"

namespace rookery::broker_sim {

int64_t ClientQuotas::Record(const std::string& user, const std::string& client_id, double value,
                             int64_t now_ms) {
  const std::optional<kafka::Quota> quota = Of(user, client_id);
  if (!quota.has_value()) return 0;
  Rate& rate = rates_[quota->sensor];
  rate.Record(value, now_ms);
  if (!quota->limit.has_value()) return 0;
  return throttle_max_ms_.has_value()
             ? rate.BoundedThrottleMs(*quota->limit, *throttle_max_ms_, now_ms)
             : rate.ThrottleMs(*quota->limit, now_ms);
}

}  // namespace rookery::broker_sim
