#include "tools/rookery/configs/entity.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "coordinator/base/status_macros.h"

namespace rookery::tools::configs {
namespace {

constexpr absl::string_view kScramPrefix = "SCRAM-";
constexpr int32_t kScramIterations = 4096;

struct TypeRow {
  EntityType type;
  absl::string_view name;
  absl::string_view noun;  // of an entity's text
};
constexpr TypeRow kTypes[] = {
    {EntityType::kTopic, "topics", "topic"},
    {EntityType::kClient, "clients", "client-id"},
    {EntityType::kUser, "users", "user-principal"},
    {EntityType::kBroker, "brokers", "brokers"},
    {EntityType::kIp, "ips", "ip"},
};

const TypeRow& RowOf(EntityType type) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes),
                       [type](const TypeRow& row) { return row.type == type; });
}

absl::StatusOr<EntityType> ParseType(const std::string& name) {
  for (const TypeRow& row : kTypes) {
    if (row.name == name) return row.type;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("Invalid entity type ", name,
                   ", the entity type must be one of topics, clients, users, brokers, ips"));
}

absl::StatusOr<kafka::ConfigEntity::Part> ParseName(EntityType type,
                                                    const std::optional<std::string>& name) {
  kafka::ConfigEntity::Part part{.type = type};
  if (!name || name->empty() || *name == kafka::kDefaultEntity) {
    if (type == EntityType::kTopic) {
      return absl::InvalidArgumentError("topics have no default entity: name one");
    }
    part.is_default = true;
    return part;
  }
  part.name = *name;
  int32_t broker = 0;
  if (type == EntityType::kBroker && (!absl::SimpleAtoi(*name, &broker) || broker < 0)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "The entity name for brokers must be a valid integer broker id, found: ", *name));
  }
  if (type == EntityType::kTopic && absl::StrContains(*name, '/')) {
    return absl::InvalidArgumentError(absl::StrCat("topic name '", *name, "' is illegal"));
  }
  return part;
}

// The part of a stored credential that may be shown.
std::string Shown(absl::string_view key, const std::string& value) {
  if (!absl::StartsWith(key, kScramPrefix)) return value;
  for (absl::string_view field : absl::StrSplit(value, ',')) {
    if (absl::StartsWith(field, "iterations=")) return std::string(field);
  }
  return "hidden";
}

}  // namespace

bool EntityChoice::IsOneEntity() const {
  return std::all_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.entity.has_value(); });
}

kafka::ConfigEntity EntityChoice::Entity() const {
  kafka::ConfigEntity entity;
  for (const Part& part : parts) entity.parts.push_back(*part.entity);
  return entity;
}

absl::StatusOr<EntityChoice> ParseEntity(const std::vector<std::string>& types,
                                         const std::vector<std::optional<std::string>>& names) {
  if (types.empty()) {
    return absl::InvalidArgumentError("expected --entity-type, found none");
  }
  if (names.size() > types.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected --entity-name or --entity-default at most once for each of ",
                     types.size(), " entity types, found ", names.size()));
  }
  EntityChoice choice;
  for (size_t i = 0; i < types.size(); ++i) {
    EntityChoice::Part part;
    ROOKERY_ASSIGN_OR_RETURN(part.type, ParseType(types[i]));
    if (i < names.size()) {
      ROOKERY_ASSIGN_OR_RETURN(part.entity, ParseName(part.type, names[i]));
    }
    choice.parts.push_back(std::move(part));
  }
  if (types.size() == 1) return choice;
  if (types.size() == 2 && choice.parts[0].type == EntityType::kClient) {
    std::swap(choice.parts[0], choice.parts[1]);
  }
  if (types.size() != 2 || choice.parts[0].type != EntityType::kUser ||
      choice.parts[1].type != EntityType::kClient) {
    return absl::InvalidArgumentError("Only 'users' and 'clients' entity types may be combined");
  }
  return choice;
}

absl::StatusOr<kafka::ConfigMap> ParseAddConfig(absl::string_view text) {
  std::vector<std::string> pairs(1);
  int depth = 0;
  for (const char c : text) {
    if (c == '[') ++depth;
    if (c == ']') --depth;
    if (c == ',' && depth == 0) {
      pairs.emplace_back();
    } else {
      pairs.back().push_back(c);
    }
  }
  kafka::ConfigMap config;
  for (absl::string_view pair : pairs) {
    pair = absl::StripAsciiWhitespace(pair);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    if (equals == absl::string_view::npos || equals == 0 || depth != 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected --add-config name=value,name=[a,b], found '", pair, "'"));
    }
    absl::string_view value = absl::StripAsciiWhitespace(pair.substr(equals + 1));
    if (absl::ConsumePrefix(&value, "[")) absl::ConsumeSuffix(&value, "]");
    config[std::string(absl::StripAsciiWhitespace(pair.substr(0, equals)))] = std::string(value);
  }
  return config;
}

std::vector<std::string> ParseDeleteConfig(absl::string_view text) {
  std::vector<std::string> keys;
  for (absl::string_view key : absl::StrSplit(text, ',')) {
    key = absl::StripAsciiWhitespace(key);
    if (!key.empty()) keys.emplace_back(key);
  }
  return keys;
}

absl::string_view TypeName(EntityType type) { return RowOf(type).name; }

std::string EntityText(const kafka::ConfigEntity& entity) {
  return absl::StrJoin(entity.parts, ", ", [](std::string* out, const auto& part) {
    const absl::string_view noun = RowOf(part.type).noun;
    if (part.is_default) {
      absl::StrAppend(out, "default ", noun);
    } else {
      absl::StrAppend(out, noun, " '", part.name, "'");
    }
  });
}

std::string CompletedText(const kafka::ConfigEntity& entity) {
  const kafka::ConfigEntity::Part& first = entity.parts.front();
  const absl::string_view name = TypeName(first.type);
  if (first.is_default) {
    return absl::StrCat("Completed updating default config for ", name, " in the cluster.");
  }
  return absl::StrCat("Completed updating config for ", name.substr(0, name.size() - 1), " ",
                      first.name, ".");
}

std::string ConfigText(const kafka::ConfigEntity& entity, const kafka::ConfigMap& config) {
  return absl::StrCat("Configs for ", EntityText(entity), " are ",
                      absl::StrJoin(config, ",", [](std::string* out, const auto& pair) {
                        absl::StrAppend(out, pair.first, "=", Shown(pair.first, pair.second));
                      }));
}

boost::json::object ConfigJson(const kafka::ConfigEntity& entity, const kafka::ConfigMap& config) {
  boost::json::array parts;
  for (const kafka::ConfigEntity::Part& part : entity.parts) {
    boost::json::object object;
    object["type"] = std::string(TypeName(part.type));
    object["name"] = nullptr;  // the default entity
    if (!part.is_default) object["name"] = part.name;
    parts.push_back(std::move(object));
  }
  boost::json::object values;
  for (const auto& [key, value] : config) values[key] = Shown(key, value);
  boost::json::object object;
  object["entity"] = std::move(parts);
  object["configs"] = std::move(values);
  return object;
}

absl::Status ReplacePasswords(const kafka::ConfigEntity& entity, absl::string_view salt,
                              kafka::ConfigMap* add) {
  if (entity.parts.size() != 1 || entity.parts.front().type != EntityType::kUser) {
    return absl::OkStatus();  // no SCRAM keys there: the plan refuses them
  }
  for (auto& [key, value] : *add) {
    if (!absl::StartsWith(key, kScramPrefix)) continue;
    if (entity.parts.front().is_default) {
      return absl::InvalidArgumentError("the default user can have no SCRAM credential");
    }
    // The password is the last field, so that it may hold commas.
    int32_t iterations = kScramIterations;
    absl::string_view rest = value;
    if (absl::ConsumePrefix(&rest, "iterations=")) {
      const size_t comma = rest.find(',');
      if (comma == absl::string_view::npos ||
          !absl::SimpleAtoi(rest.substr(0, comma), &iterations)) {
        return absl::InvalidArgumentError(
            absl::StrCat("expected ", key, "=[iterations=N,password=P]"));
      }
      rest.remove_prefix(comma + 1);
    }
    if (!absl::ConsumePrefix(&rest, "password=")) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected ", key, "=[iterations=N,password=P]"));
    }
    ROOKERY_ASSIGN_OR_RETURN(value, kafka::EncodeScram(key, std::string(rest), salt, iterations));
  }
  return absl::OkStatus();
}

}  // namespace rookery::tools::configs
