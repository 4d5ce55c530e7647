// Which quota holds for a client: Kafka's eight levels, most specific first. Source:
// kafka-on-zookeeper 3.13; compared with Kafka's own ClientQuotaManager by
// tests/unit/kafka_classes.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/kafka/config.h"

namespace rookery::kafka {

// Configurations by entity path, as in "users/alice/clients/<default>", as brokers keep them.
using ConfigsByEntity = std::map<std::string, ConfigMap>;

// The kinds of entities that a broker has read since it started, with or without a quota: it
// forgets none of them. They decide who is measured together where no level holds.
struct QuotaKinds {
  bool users = false;
  bool users_with_clients = false;
  bool clients = false;

  // Entities of other kinds are nothing to quotas.
  void Add(absl::string_view entity);
};

struct Quota {
  std::optional<double> limit;  // none: unlimited, but measured
  std::string entity;           // whose configuration the limit is
  // Who shares it: "user:U", "client:C" or "user:U client:C". Those that share are measured
  // together.
  std::string sensor;
  bool operator==(const Quota&) const = default;
};

// nullopt: nobody is measured, since `kinds` holds none. `key` as in "producer_byte_rate"; user and
// client id are not sanitised. A value that is no number is as if it were not set. A client without
// an id (the empty one) has none of the levels that name clients, the default ones neither; where
// such a level would hold for others, its user's level holds.
std::optional<Quota> ResolveQuota(const ConfigsByEntity& configs, const QuotaKinds& kinds,
                                  absl::string_view key, absl::string_view user,
                                  absl::string_view client_id);

}  // namespace rookery::kafka
