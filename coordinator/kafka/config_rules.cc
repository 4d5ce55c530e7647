// Which configurations an entity may have, in the words of Kafka's own classes: LogConfig,
// DynamicConfig and DynamicBrokerConfig.
#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "coordinator/base/nearest.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/config_keys.h"

namespace rookery::kafka {
namespace {

using Type = ConfigEntity::Type;
using Names = std::vector<std::string>;

constexpr absl::string_view kListenerPrefix = "listener.name.";

Names NamesOf(std::span<const ConfigKey> keys) {
  Names names;
  names.reserve(keys.size());
  for (const ConfigKey& key : keys) names.emplace_back(key.name);
  return names;
}

std::string DidYouMean(absl::string_view name, std::span<const ConfigKey> keys) {
  const std::string nearest = NearestWord(name, NamesOf(keys), name.size() / 3 + 1);
  return nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?");
}

// The value if it is set and a whole number.
std::optional<int64_t> Number(const ConfigMap& config, const std::string& name) {
  const auto found = config.find(name);
  int64_t number = 0;
  if (found == config.end() || !absl::SimpleAtoi(found->second, &number)) return std::nullopt;
  return number;
}

bool IsSet(const ConfigMap& config, const std::string& name) {
  const auto found = config.find(name);
  return found != config.end() && IsTrue(found->second);
}

// `unlimited`: a retention that bounds nothing.
absl::Status CheckLocalRetention(const ConfigMap& config, const std::string& what) {
  constexpr int64_t kAsRetention = -2;
  const std::string kept_name = absl::StrCat("retention.", what);
  const std::string local_name = absl::StrCat("local.", kept_name);
  const auto kept = Number(config, kept_name), local = Number(config, local_name);
  if (!kept || !local || *kept < 0 || *local == kAsRetention) return absl::OkStatus();
  if (*local == -1) {
    return absl::InvalidArgumentError(absl::StrCat("Invalid value -1 for configuration ",
                                                   local_name, ": Value must not be -1 as ",
                                                   kept_name, " value is set as ", *kept, "."));
  }
  if (*local <= *kept) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("Invalid value ", *local, " for configuration ",
                                                 local_name, ": Value must not be more than ",
                                                 kept_name, " property value: ", *kept));
}

// Values that must go together.
absl::Status CheckTogether(const ConfigMap& config) {
  const auto least = Number(config, "min.compaction.lag.ms");
  const auto most = Number(config, "max.compaction.lag.ms");
  if (least && most && *least > *most) {
    return absl::InvalidArgumentError(
        absl::StrCat("conflict topic config setting min.compaction.lag.ms (", *least,
                     ") > max.compaction.lag.ms (", *most, ")"));
  }
  if (IsSet(config, "remote.log.delete.on.disable") || IsSet(config, "remote.log.copy.disable")) {
    return absl::InvalidArgumentError(
        "It is invalid to set `remote.log.delete.on.disable` or `remote.log.copy.disable` under "
        "Zookeeper's mode.");
  }
  if (!IsSet(config, "remote.storage.enable")) return absl::OkStatus();
  const auto policy = config.find("cleanup.policy");
  if (policy != config.end() && absl::StrContains(policy->second, "compact")) {
    return absl::InvalidArgumentError("Remote log storage is unsupported for the compacted topics");
  }
  ROOKERY_RETURN_IF_ERROR(CheckLocalRetention(config, "bytes"));
  return CheckLocalRetention(config, "ms");
}

// Entities that take the keys of their table and no others.
absl::Status CheckQuotas(const ConfigMap& config, std::span<const ConfigKey> keys) {
  Names unknown;
  for (const auto& [name, value] : config) {
    if (FindConfigKey(keys, name) == nullptr) unknown.push_back(name);
  }
  if (!unknown.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("requirement failed: Unknown Dynamic Configuration: Set(",
                     absl::StrJoin(unknown, ", "), ").", DidYouMean(unknown.front(), keys)));
  }
  for (const auto& [name, value] : config) {
    ROOKERY_RETURN_IF_ERROR(CheckConfigValue(*FindConfigKey(keys, name), name, value));
  }
  return absl::OkStatus();
}

// A broker's key without the listener that it is for.
absl::string_view WithoutListener(absl::string_view name) {
  absl::string_view rest = name;
  if (!absl::ConsumePrefix(&rest, kListenerPrefix)) return name;
  const size_t dot = rest.find('.');
  return dot == absl::string_view::npos ? name : rest.substr(dot + 1);
}

absl::Status RefuseAny(const Names& names, absl::string_view why) {
  if (names.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(why, ": Set(", absl::StrJoin(names, ", "), ")"));
}

absl::Status CheckBroker(const ConfigMap& config, bool all_brokers) {
  const auto fixed = StaticBrokerNames();
  Names never, listener_only, one_broker_only;
  for (const auto& [name, value] : config) {
    const absl::string_view base = WithoutListener(name);
    const ConfigKey* const key = FindConfigKey(BrokerConfigKeys(), base);
    const uint32_t traits = key == nullptr ? 0 : key->traits;
    if (std::binary_search(fixed.begin(), fixed.end(), name)) never.push_back(name);
    if (base == name && (traits & kDynamicSecurity) != 0) listener_only.push_back(name);
    const bool of_one =
        base == name ? (traits & kPerBroker) != 0 : (traits & kClusterLevelListener) == 0;
    if (of_one) one_broker_only.push_back(name);
  }
  ROOKERY_RETURN_IF_ERROR(RefuseAny(never, "Cannot update these configs dynamically"));
  ROOKERY_RETURN_IF_ERROR(RefuseAny(listener_only,
                                    "These security configs can be dynamically updated only "
                                    "per-listener using the listener prefix"));
  for (const auto& [name, value] : config) {
    const absl::string_view base = WithoutListener(name);
    const ConfigKey* const key = FindConfigKey(BrokerConfigKeys(), base);
    if (key != nullptr) ROOKERY_RETURN_IF_ERROR(CheckConfigValue(*key, base, value));
  }
  if (!all_brokers) return absl::OkStatus();
  return RefuseAny(one_broker_only,
                   "Cannot update these configs at default cluster level, broker id must be "
                   "specified");
}

}  // namespace

absl::Status ValidateTopicConfig(const ConfigMap& config) {
  for (const auto& [name, value] : config) {
    if (FindConfigKey(TopicConfigKeys(), name) != nullptr) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("Unknown topic config name: ", name, DidYouMean(name, TopicConfigKeys())));
  }
  for (const auto& [name, value] : config) {
    ROOKERY_RETURN_IF_ERROR(CheckConfigValue(*FindConfigKey(TopicConfigKeys(), name), name, value));
  }
  return CheckTogether(config);
}

absl::Status ValidateConfig(const ConfigEntity& entity, const ConfigMap& config) {
  const ConfigEntity::Part& first = entity.parts.front();
  switch (first.type) {
    case Type::kTopic:
      return ValidateTopicConfig(config);
    case Type::kBroker:
      return CheckBroker(config, first.is_default);
    case Type::kIp:
      return CheckQuotas(config, IpConfigKeys());
    case Type::kClient:
      return CheckQuotas(config, ClientConfigKeys());
    case Type::kUser: {
      // Credentials are a user's own.
      const bool own = entity.parts.size() == 1 && !first.is_default;
      return CheckQuotas(config, own ? UserConfigKeys() : ClientConfigKeys());
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> EncodedKeys(const ConfigMap& config) {
  Names names;
  for (const auto& [name, value] : config) {
    const auto& keys = BrokerConfigKeys();
    const bool encoded = std::any_of(keys.begin(), keys.end(), [&](const ConfigKey& key) {
      return (key.traits & kPassword) != 0 && absl::EndsWith(name, key.name);
    });
    if (encoded) names.push_back(name);
  }
  return names;
}

std::vector<std::string> UnknownBrokerKeys(const ConfigMap& config) {
  std::vector<std::string> notices;
  for (const auto& [name, value] : config) {
    const absl::string_view base = WithoutListener(name);
    if (FindConfigKey(BrokerConfigKeys(), base) != nullptr) continue;
    notices.push_back(absl::StrCat(name,
                                   " is no configuration of a broker that Kafka knows: it is kept "
                                   "for plugins",
                                   DidYouMean(base, BrokerConfigKeys())));
  }
  return notices;
}

}  // namespace rookery::kafka
