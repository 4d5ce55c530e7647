// Configuration of topics, clients, users, brokers and ips under /config, and the notifications
// that make brokers read it again. Source: kafka-on-zookeeper 1.5, 3.12, 4.3.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::kafka {

using ConfigMap = std::map<std::string, std::string>;

// {"version":1,"config":{...}}
std::string EncodeConfig(const ConfigMap& config);
// Null data, a missing "config" and anything that is not JSON are an empty map, as brokers read
// them.
ConfigMap DecodeConfig(absl::string_view json);

// {"version":2,"entity_path":"clients/clientA"}
std::string EncodeConfigChange(absl::string_view entity_path);
// The entity path; takes version 1 notifications too.
absl::StatusOr<std::string> DecodeConfigChange(absl::string_view json);

inline constexpr absl::string_view kDefaultEntity = "<default>";

// Names of users, clients and ips as znodes: form-encoded, '+' as "%20", '*' as "%2A". The default
// entity is never encoded; topics and brokers are not sanitised at all.
std::string Sanitize(absl::string_view name);
absl::StatusOr<std::string> Desanitize(absl::string_view name);

// The value that a user's SCRAM key holds: "salt=..,stored_key=..,server_key=..,iterations=N". It
// takes the place of the password, which cannot be had back from it. `mechanism` is SCRAM-SHA-256
// or SCRAM-SHA-512, `salt` random bytes. InvalidArgument: another mechanism, an empty password or
// iterations outside 4096 to 16384, the bounds of Kafka's brokers.
absl::StatusOr<std::string> EncodeScram(absl::string_view mechanism, absl::string_view password,
                                        absl::string_view salt, int32_t iterations);

// What a configuration belongs to.
struct ConfigEntity {
  enum class Type { kTopic, kClient, kUser, kBroker, kIp };
  struct Part {
    Type type = Type::kTopic;
    std::string name;  // not sanitised; empty with is_default
    bool is_default = false;
  };
  std::vector<Part> parts;  // one, or a user and a client

  // "clients/clientA", "users/alice/clients/<default>", ...
  std::string EntityPath() const;
  // "/config/" + EntityPath()
  std::string Path() const;
};

// InvalidArgument says in Kafka's words what is wrong: a key that such entities do not have, with
// the nearest one that they do have, a value that is not of the key's type or out of its range, or
// two that cannot go together. What depends on a broker's own configuration is not judged. Brokers
// take keys that Kafka does not know, for plugins.
absl::Status ValidateConfig(const ConfigEntity& entity, const ConfigMap& config);
absl::Status ValidateTopicConfig(const ConfigMap& config);

// Keys of brokers whose values are passwords, which brokers keep encoded with a secret of theirs.
std::vector<std::string> EncodedKeys(const ConfigMap& config);
// A notice for each key of a broker that Kafka does not know, with the nearest that it does know.
std::vector<std::string> UnknownBrokerKeys(const ConfigMap& config);

}  // namespace rookery::kafka
