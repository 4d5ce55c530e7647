#include "broker-sim/quota/replication_quota.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rookery::broker_sim {
namespace {

const std::string* ValueOf(const kafka::ConfigsByEntity& configs, const std::string& entity,
                           const std::string& key) {
  const auto config = configs.find(entity);
  if (config == configs.end()) return nullptr;
  const auto value = config->second.find(key);
  return value == config->second.end() ? nullptr : &value->second;
}

absl::string_view NameOf(ReplicationQuota::Side side) {
  return side == ReplicationQuota::Side::kLeader ? "leader" : "follower";
}

}  // namespace

bool ListsReplica(absl::string_view list, int32_t partition, int32_t broker) {
  if (list == "*") return true;
  const std::string wanted = absl::StrCat(partition, ":", broker);
  for (const absl::string_view one : absl::StrSplit(list, ',')) {
    if (absl::StripAsciiWhitespace(one) == wanted) return true;
  }
  return false;
}

ReplicationQuota::ReplicationQuota(Side side, int32_t broker, const kafka::ConfigsByEntity* configs)
    : rate_key_(absl::StrCat(NameOf(side), ".replication.throttled.rate")),
      replicas_key_(absl::StrCat(NameOf(side), ".replication.throttled.replicas")),
      broker_(broker),
      configs_(configs) {}

bool ReplicationQuota::Concerns(const std::string& topic, int32_t partition) const {
  const std::string* list = ValueOf(*configs_, absl::StrCat("topics/", topic), replicas_key_);
  return list != nullptr && ListsReplica(*list, partition, broker_);
}

double ReplicationQuota::Limit() const {
  for (const std::string& entity :
       {absl::StrCat("brokers/", broker_), absl::StrCat("brokers/", kafka::kDefaultEntity)}) {
    const std::string* value = ValueOf(*configs_, entity, rate_key_);
    double limit = 0;
    if (value != nullptr && absl::SimpleAtod(*value, &limit)) return limit;
  }
  return std::numeric_limits<double>::infinity();
}

bool ReplicationQuota::Exceeded(int64_t now_ms) { return rate_.Measure(now_ms) > Limit(); }

}  // namespace rookery::broker_sim
