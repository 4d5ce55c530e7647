#include "broker-sim/quota/connection_quotas.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rookery::broker_sim {

std::optional<double> ConnectionQuotas::LimitOf(const std::string& address) const {
  for (const absl::string_view name : {absl::string_view(address), kafka::kDefaultEntity}) {
    const auto entity = configs_->find(absl::StrCat("ips/", name));
    if (entity == configs_->end()) continue;
    const auto value = entity->second.find("connection_creation_rate");
    double limit = 0;
    if (value != entity->second.end() && absl::SimpleAtod(value->second, &limit)) return limit;
  }
  return std::nullopt;
}

int64_t ConnectionQuotas::Connect(const std::string& address, int64_t now_ms) {
  const std::optional<double> limit = LimitOf(address);
  if (!limit.has_value()) return 0;
  Rate& rate = rates_.try_emplace(address, options_).first->second;
  rate.Record(1, now_ms);
  const int64_t wait_ms = rate.BoundedThrottleMs(*limit, options_.window_ms, now_ms);
  if (wait_ms > 0) rate.Record(-1, now_ms);
  return wait_ms;
}

}  // namespace rookery::broker_sim
