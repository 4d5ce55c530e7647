// The configurations that Kafka knows for each kind of entity, and what their values may be. The
// tables in config_tables.cc are Kafka 3.9's own, written out by
// tests/interop/kafka_classes/generate.py.
#pragma once

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rookery::kafka {

enum class ConfigType { kBoolean, kString, kInt, kShort, kLong, kDouble, kList, kClass, kPassword };

enum class ConfigCheck {
  kNone,
  kRange,              // least..most, "" where there is no bound
  kRangeOrMinusOne,    // least..most, or -1
  kOneOf,              // one of `values`
  kEachOneOf,          // each of a list is one of `values`
  kThrottledReplicas,  // "*" or partition:broker,...
  kMetadataVersion,    // one of MetadataVersions(), with or without its last number
};

// Traits of brokers' keys.
inline constexpr uint32_t kDynamicSecurity = 1;       // for a listener only: listener.name.NAME.KEY
inline constexpr uint32_t kPerBroker = 2;             // not for all brokers at once
inline constexpr uint32_t kClusterLevelListener = 4;  // for a listener of all brokers at once, too
inline constexpr uint32_t kPassword = 8;              // brokers keep it encoded

struct ConfigKey {
  absl::string_view name;
  ConfigType type;
  ConfigCheck check;
  absl::string_view least, most;  // of a range, as Kafka shows them
  absl::string_view values;       // apart by commas
  uint32_t traits;
};

// Sorted by name.
std::span<const ConfigKey> TopicConfigKeys();
std::span<const ConfigKey> ClientConfigKeys();  // of a client, or a user and a client: quotas
std::span<const ConfigKey> UserConfigKeys();    // quotas, and credentials
std::span<const ConfigKey> IpConfigKeys();
std::span<const ConfigKey> BrokerConfigKeys();  // those that can be changed while it runs
// Configurations of brokers that hold from their start to their end.
std::span<const absl::string_view> StaticBrokerNames();
std::span<const absl::string_view> MetadataVersions();

// nullptr: there is none.
const ConfigKey* FindConfigKey(std::span<const ConfigKey> keys, absl::string_view name);

// InvalidArgument, in Kafka's words: the value is not of the key's type, or out of its range.
// `name` is what the message calls the key.
absl::Status CheckConfigValue(const ConfigKey& key, absl::string_view name,
                              absl::string_view value);

// Kafka's booleans: of any case, blanks around aside. InvalidArgument is CheckConfigValue's.
bool IsTrue(absl::string_view value);

}  // namespace rookery::kafka
