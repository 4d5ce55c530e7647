#include "coordinator/client/recipes/discovery/instance.h"

#include <boost/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rookery::client::recipes {
namespace {

namespace json = boost::json;

json::value PortOrNull(const std::optional<uint16_t>& port) {
  return port.has_value() ? json::value(*port) : json::value(nullptr);
}

absl::StatusOr<json::value> Parse(absl::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) return absl::InvalidArgumentError(absl::StrCat("expected JSON: ", error.message()));
  return value;
}

// The string of that name; "" if there is none.
std::string Text(const json::object& object, const char* name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

absl::Status TakePort(const json::object& object, const char* name, std::optional<uint16_t>* port) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return absl::OkStatus();
  boost::system::error_code error;
  const auto number = value->to_number<uint16_t>(error);
  if (error) return absl::InvalidArgumentError(absl::StrCat("'", name, "' is no port"));
  *port = number;
  return absl::OkStatus();
}

}  // namespace

std::string Instance::ToString() const {
  const std::optional<uint16_t> any = port.has_value() ? port : ssl_port;
  if (!any.has_value()) return address;
  return absl::StrContains(address, ':') ? absl::StrCat("[", address, "]:", *any)
                                         : absl::StrCat(address, ":", *any);
}

absl::StatusOr<std::string> EncodeInstance(const Instance& instance) {
  absl::StatusOr<json::value> payload = Parse(instance.payload);
  if (!payload.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("payload: ", payload.status().message()));
  }
  json::object object;
  object["name"] = instance.name;
  object["id"] = instance.id;
  object["address"] = instance.address;
  object["port"] = PortOrNull(instance.port);
  object["sslPort"] = PortOrNull(instance.ssl_port);
  object["payload"] = *std::move(payload);
  object["registrationTimeUTC"] = instance.registered_at_ms;
  object["serviceType"] = "DYNAMIC";
  object["uriSpec"] = nullptr;
  object["enabled"] = instance.enabled;
  return json::serialize(object);
}

absl::StatusOr<Instance> DecodeInstance(absl::string_view text) {
  absl::StatusOr<json::value> value = Parse(text);
  if (!value.ok()) return value.status();
  const json::object* const object = value->if_object();
  if (object == nullptr) return absl::InvalidArgumentError("expected an object of JSON");
  Instance instance;
  instance.name = Text(*object, "name");
  instance.id = Text(*object, "id");
  instance.address = Text(*object, "address");
  if (instance.name.empty() || instance.id.empty()) {
    return absl::InvalidArgumentError("expected 'name' and 'id'");
  }
  for (const auto& [name, port] :
       {std::pair{"port", &instance.port}, std::pair{"sslPort", &instance.ssl_port}}) {
    if (absl::Status status = TakePort(*object, name, port); !status.ok()) return status;
  }
  if (const json::value* const payload = object->if_contains("payload")) {
    instance.payload = json::serialize(*payload);
  }
  if (const json::value* const at = object->if_contains("registrationTimeUTC");
      at != nullptr && at->is_int64()) {
    instance.registered_at_ms = at->as_int64();
  }
  if (const json::value* const enabled = object->if_contains("enabled");
      enabled != nullptr && enabled->is_bool()) {
    instance.enabled = enabled->as_bool();
  }
  return instance;
}

}  // namespace rookery::client::recipes
