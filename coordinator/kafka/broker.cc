#include "coordinator/kafka/broker.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/json.h"

namespace rookery::kafka {
namespace {

// Timestamps are written as strings; old writers used numbers.
absl::StatusOr<int64_t> TimestampOf(const boost::json::object& object) {
  const boost::json::value* value = object.if_contains("timestamp");
  if (value != nullptr && value->is_int64()) return value->get_int64();
  ROOKERY_ASSIGN_OR_RETURN(std::string text, StringOf(object, "timestamp"));
  int64_t timestamp_ms = 0;
  if (!absl::SimpleAtoi(text, &timestamp_ms)) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected milliseconds under 'timestamp', found '", text, "'"));
  }
  return timestamp_ms;
}

absl::Status ReadEndpoints(const boost::json::object& object, BrokerRegistration* broker) {
  const boost::json::value* endpoints = object.if_contains("endpoints");
  if (endpoints == nullptr || !endpoints->is_array()) {
    return absl::InvalidArgumentError("expected a list of strings under 'endpoints'");
  }
  for (const boost::json::value& endpoint : endpoints->get_array()) {
    if (!endpoint.is_string()) {
      return absl::InvalidArgumentError("expected a list of strings under 'endpoints'");
    }
    broker->endpoints.push_back(ToText(endpoint.get_string()));
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeBroker(const BrokerRegistration& broker) {
  boost::json::object object;
  object["features"] = boost::json::object();
  boost::json::object protocols;
  for (const auto& [listener, protocol] : broker.listener_protocols) protocols[listener] = protocol;
  object["listener_security_protocol_map"] = std::move(protocols);
  boost::json::array endpoints;
  for (const std::string& endpoint : broker.endpoints) endpoints.emplace_back(endpoint);
  object["endpoints"] = std::move(endpoints);
  object["jmx_port"] = broker.jmx_port;
  object["port"] = broker.port;
  if (broker.host.empty()) {
    object["host"] = nullptr;
  } else {
    object["host"] = broker.host;
  }
  object["version"] = 5;
  object["timestamp"] = absl::StrCat(broker.timestamp_ms);
  if (broker.rack.has_value()) object["rack"] = *broker.rack;
  return boost::json::serialize(object);
}

absl::StatusOr<BrokerRegistration> DecodeBroker(absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(boost::json::object object, ParseObject(json, "/brokers/ids/<id>"));
  ROOKERY_ASSIGN_OR_RETURN(int64_t version, IntegerOf(object, "version"));
  if (version < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a broker registration of version 1 or later, found ", version));
  }
  BrokerRegistration broker;
  ROOKERY_ASSIGN_OR_RETURN(broker.port, Int32Of(object, "port"));
  if (const auto* host = object.if_contains("host"); host != nullptr && host->is_string()) {
    broker.host = ToText(host->get_string());
  }
  if (const auto* jmx = object.if_contains("jmx_port"); jmx != nullptr && jmx->is_int64()) {
    ROOKERY_ASSIGN_OR_RETURN(broker.jmx_port, Int32Of(object, "jmx_port"));
  }
  if (object.if_contains("timestamp") != nullptr) {
    ROOKERY_ASSIGN_OR_RETURN(broker.timestamp_ms, TimestampOf(object));
  }
  if (const auto* rack = object.if_contains("rack"); rack != nullptr && rack->is_string()) {
    broker.rack = ToText(rack->get_string());
  }
  if (const auto* map = object.if_contains("listener_security_protocol_map");
      map != nullptr && map->is_object()) {
    for (const auto& [listener, protocol] : map->get_object()) {
      if (!protocol.is_string()) {
        return absl::InvalidArgumentError(
            "expected protocol names under 'listener_security_protocol_map'");
      }
      broker.listener_protocols[std::string(listener)] = ToText(protocol.get_string());
    }
  }
  if (version == 1) {
    broker.endpoints = {absl::StrCat("PLAINTEXT://", broker.host, ":", broker.port)};
    return broker;
  }
  ROOKERY_RETURN_IF_ERROR(ReadEndpoints(object, &broker));
  return broker;
}

std::string EncodeController(const Controller& controller) {
  boost::json::object object;
  object["version"] = 2;
  object["brokerid"] = controller.broker;
  object["timestamp"] = absl::StrCat(controller.timestamp_ms);
  object["kraftControllerEpoch"] = -1;
  return boost::json::serialize(object);
}

absl::StatusOr<Controller> DecodeController(absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(boost::json::object object, ParseObject(json, "/controller"));
  Controller controller;
  ROOKERY_ASSIGN_OR_RETURN(controller.broker, Int32Of(object, "brokerid"));
  if (object.if_contains("timestamp") != nullptr) {
    ROOKERY_ASSIGN_OR_RETURN(controller.timestamp_ms, TimestampOf(object));
  }
  return controller;
}

std::string EncodeControllerEpoch(int32_t epoch) { return absl::StrCat(epoch); }

absl::StatusOr<int32_t> DecodeControllerEpoch(absl::string_view text) {
  int32_t epoch = 0;
  if (!absl::SimpleAtoi(text, &epoch)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "/controller_epoch: expected a decimal number, found '", text.substr(0, 80), "'"));
  }
  return epoch;
}

std::string EncodeClusterId(absl::string_view id) {
  boost::json::object object;
  object["version"] = "1";
  object["id"] = boost::json::string_view(id.data(), id.size());
  return boost::json::serialize(object);
}

absl::StatusOr<std::string> DecodeClusterId(absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(boost::json::object object, ParseObject(json, "/cluster/id"));
  return StringOf(object, "id");
}

std::string EncodeEmptyFeatures() { return R"({"features":{},"version":2,"status":1})"; }

std::string EncodeUuid(uint64_t high, uint64_t low) {
  high = (high & ~0xf000ull) | 0x4000ull;                       // version 4
  low = (low & 0x3fffffffffffffffull) | 0x8000000000000000ull;  // variant 10
  // The first six bits give the first character: 62 would be '-', which Kafka's tools refuse.
  if ((high >> 58) == 62) high ^= 1ull << 58;
  std::string bytes(16, '\0');
  for (int i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<char>(low >> (56 - 8 * i));
  }
  return absl::WebSafeBase64Escape(bytes);  // without padding
}

}  // namespace rookery::kafka
