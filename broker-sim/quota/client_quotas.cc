#include "broker-sim/quota/client_quotas.h"

namespace rookery::broker_sim {

int64_t ClientQuotas::Record(const std::string& user, const std::string& client_id, double value,
                             int64_t now_ms) {
  const std::optional<kafka::Quota> quota = Of(user, client_id);
  if (!quota.has_value()) return 0;
  Rate& rate = rates_[quota->sensor];
  rate.Record(value, now_ms);
  return quota->limit.has_value() ? rate.ThrottleMs(*quota->limit, now_ms) : 0;
}

}  // namespace rookery::broker_sim
