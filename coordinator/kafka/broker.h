// /brokers/ids/<id> and the nodes that speak of brokers as a whole. Source:
// kafka-on-zookeeper 1.1, 1.2.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::kafka {

// A registration of version 5, as Kafka 2.7 and later write it. Readers take versions 1 to 5.
struct BrokerRegistration {
  std::string host;  // empty: null on the wire
  int32_t port = -1;
  int32_t jmx_port = -1;
  int64_t timestamp_ms = 0;
  std::vector<std::string> endpoints;  // "PLAINTEXT://host:port"
  std::optional<std::string> rack;
  std::map<std::string, std::string> listener_protocols;  // listener -> security protocol
  bool operator==(const BrokerRegistration&) const = default;
};

std::string EncodeBroker(const BrokerRegistration& broker);
absl::StatusOr<BrokerRegistration> DecodeBroker(absl::string_view json);

// /controller
struct Controller {
  int32_t broker = 0;
  int64_t timestamp_ms = 0;
};
std::string EncodeController(const Controller& controller);
absl::StatusOr<Controller> DecodeController(absl::string_view json);

// /controller_epoch: a decimal number without JSON.
std::string EncodeControllerEpoch(int32_t epoch);
absl::StatusOr<int32_t> DecodeControllerEpoch(absl::string_view text);

// /cluster/id; `id` is 22 characters of base64url.
std::string EncodeClusterId(absl::string_view id);
absl::StatusOr<std::string> DecodeClusterId(absl::string_view json);

// /feature, as a fresh 3.9 cluster writes it.
std::string EncodeEmptyFeatures();

// A version 4 UUID in base64url without padding from 128 random bits; never begins with '-'.
std::string EncodeUuid(uint64_t high, uint64_t low);

}  // namespace rookery::kafka
