#include "coordinator/kafka/config.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/json.h"

namespace rookery::kafka {
namespace {

using Type = ConfigEntity::Type;

absl::string_view RootName(Type type) {
  switch (type) {
    case Type::kTopic:
      return "topics";
    case Type::kClient:
      return "clients";
    case Type::kUser:
      return "users";
    case Type::kBroker:
      return "brokers";
    case Type::kIp:
      return "ips";
  }
  return "";
}

std::string NodeName(const ConfigEntity::Part& part) {
  if (part.is_default) return std::string(kDefaultEntity);
  const bool plain = part.type == Type::kTopic || part.type == Type::kBroker;
  return plain ? part.name : Sanitize(part.name);
}

bool IsUnescaped(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
}

}  // namespace

std::string EncodeConfig(const ConfigMap& config) {
  boost::json::object values;
  for (const auto& [key, value] : config) values[key] = value;
  boost::json::object object;
  object["version"] = 1;
  object["config"] = std::move(values);
  return boost::json::serialize(object);
}

ConfigMap DecodeConfig(absl::string_view json) {
  ConfigMap config;
  absl::StatusOr<boost::json::object> object = ParseObject(json, "/config");
  if (!object.ok()) return config;
  const boost::json::value* values = object->if_contains("config");
  if (values == nullptr || !values->is_object()) return config;
  for (const auto& [key, value] : values->get_object()) {
    if (value.is_string()) config[std::string(key)] = ToText(value.get_string());
  }
  return config;
}

std::string EncodeConfigChange(absl::string_view entity_path) {
  boost::json::object object;
  object["version"] = 2;
  object["entity_path"] = boost::json::string_view(entity_path.data(), entity_path.size());
  return boost::json::serialize(object);
}

absl::StatusOr<std::string> DecodeConfigChange(absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(boost::json::object object, ParseObject(json, "config change"));
  ROOKERY_ASSIGN_OR_RETURN(int64_t version, IntegerOf(object, "version"));
  if (version == 2) return StringOf(object, "entity_path");
  if (version != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a config change of version 1 or 2, found ", version));
  }
  ROOKERY_ASSIGN_OR_RETURN(std::string type, StringOf(object, "entity_type"));
  ROOKERY_ASSIGN_OR_RETURN(std::string name, StringOf(object, "entity_name"));
  return absl::StrCat(type, "/", name);
}

std::string Sanitize(absl::string_view name) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string text;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (IsUnescaped(byte)) {
      text.push_back(c);
    } else {
      text.push_back('%');
      text.push_back(kHex[byte >> 4]);
      text.push_back(kHex[byte & 15]);
    }
  }
  return text;
}

absl::StatusOr<std::string> Desanitize(absl::string_view name) {
  std::string text;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '+') {
      text.push_back(' ');
    } else if (name[i] != '%') {
      text.push_back(name[i]);
    } else {
      uint32_t byte = 0;
      if (i + 2 >= name.size() || !absl::SimpleHexAtoi(name.substr(i + 1, 2), &byte)) {
        return absl::InvalidArgumentError(
            absl::StrCat("expected two hex digits after '%' in the entity name '", name, "'"));
      }
      text.push_back(static_cast<char>(byte));
      i += 2;
    }
  }
  return text;
}

std::string ConfigEntity::EntityPath() const {
  return absl::StrJoin(parts, "/", [](std::string* out, const Part& part) {
    absl::StrAppend(out, RootName(part.type), "/", NodeName(part));
  });
}

std::string ConfigEntity::Path() const { return absl::StrCat("/config/", EntityPath()); }

}  // namespace rookery::kafka
