// Entities and configurations as they are written on a command line and shown to people. Source:
// kafka-on-zookeeper 4.3.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/kafka/config.h"

namespace rookery::tools::configs {

using EntityType = kafka::ConfigEntity::Type;

// What --entity-type, --entity-name and --entity-default say together: types in order, the user
// first, and for each its entity if one was named.
struct EntityChoice {
  struct Part {
    EntityType type = EntityType::kTopic;
    std::optional<kafka::ConfigEntity::Part> entity;  // none: all of this type
  };
  std::vector<Part> parts;

  // Every part names its entity.
  bool IsOneEntity() const;
  // REQUIRES: IsOneEntity().
  kafka::ConfigEntity Entity() const;
};

// `names` in the order of the command line, nullopt for --entity-default. InvalidArgument says what
// does not fit.
absl::StatusOr<EntityChoice> ParseEntity(const std::vector<std::string>& types,
                                         const std::vector<std::optional<std::string>>& names);

// "k=v,k2=[a,b]": square brackets keep commas. InvalidArgument: not of this form.
absl::StatusOr<kafka::ConfigMap> ParseAddConfig(absl::string_view text);
std::vector<std::string> ParseDeleteConfig(absl::string_view text);

// "topics" and back.
absl::string_view TypeName(EntityType type);

// "user-principal 'u', client-id 'c'"
std::string EntityText(const kafka::ConfigEntity& entity);
// "Completed updating config for client c."
std::string CompletedText(const kafka::ConfigEntity& entity);
// "Configs for client-id 'c' are k=v,k2=v2"; of a SCRAM credential its iterations alone.
std::string ConfigText(const kafka::ConfigEntity& entity, const kafka::ConfigMap& config);
boost::json::object ConfigJson(const kafka::ConfigEntity& entity, const kafka::ConfigMap& config);

// Turns SCRAM passwords into what brokers check them against. `salt` is used for each.
absl::Status ReplacePasswords(const kafka::ConfigEntity& entity, absl::string_view salt,
                              kafka::ConfigMap* add);

}  // namespace rookery::tools::configs
