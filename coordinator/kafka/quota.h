// Which quota holds for a client: Kafka's eight levels, most specific first. Source:
// kafka-on-zookeeper 3.13.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/kafka/config.h"

namespace rookery::kafka {

// Configurations by entity path, as in "users/alice/clients/<default>", as brokers keep them.
using ConfigsByEntity = std::map<std::string, ConfigMap>;

struct Quota {
  double limit = 0;
  std::string entity;  // whose configuration it is
  // Who shares it: "user:U", "client:C" or "user:U client:C". Those that share are measured
  // together.
  std::string sensor;
  bool operator==(const Quota&) const = default;
};

// nullopt: unlimited. `key` as in "producer_byte_rate"; user and client id are not sanitised. A
// value that is no number is as if it were not set.
std::optional<Quota> ResolveQuota(const ConfigsByEntity& configs, absl::string_view key,
                                  absl::string_view user, absl::string_view client_id);

}  // namespace rookery::kafka
