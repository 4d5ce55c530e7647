#include "tools/rookery/brokers/cluster_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "tools/rookery/table.h"

namespace rookery::tools::brokers {
namespace {

std::string Time(int64_t time_ms) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMillis(time_ms), absl::UTCTimeZone());
}

std::string Text(const std::optional<int32_t>& number) {
  return number ? absl::StrCat(*number) : "none";
}

boost::json::value Json(const std::optional<int32_t>& number) {
  if (!number) return nullptr;
  return *number;
}

}  // namespace

std::string ToText(const ClusterReport& report) {
  std::string text =
      absl::StrCat("Cluster: ", report.cluster_id.empty() ? "none" : report.cluster_id,
                   "\nController: ", Text(report.controller),
                   "\nController epoch: ", Text(report.controller_epoch), "\n\n");
  Table table({"BROKER", "ENDPOINTS", "RACK", "BROKER EPOCH", "REGISTERED", "ROLE"});
  for (const metadata::Broker& broker : report.brokers) {
    table.Add({absl::StrCat(broker.id), absl::StrJoin(broker.registration.endpoints, ","),
               broker.registration.rack.value_or("-"), absl::StrCat(broker.epoch),
               Time(broker.registration.timestamp_ms),
               report.controller == broker.id ? "controller" : "broker"});
  }
  return text + table.ToString();
}

boost::json::object ToJson(const ClusterReport& report) {
  boost::json::array brokers;
  for (const metadata::Broker& broker : report.brokers) {
    boost::json::object listeners;
    for (const auto& [name, protocol] : broker.registration.listener_protocols) {
      listeners[name] = protocol;
    }
    boost::json::object object;
    object["id"] = broker.id;
    object["endpoints"] = boost::json::array(broker.registration.endpoints.begin(),
                                             broker.registration.endpoints.end());
    object["listener_security_protocols"] = std::move(listeners);
    object["rack"] = nullptr;
    if (broker.registration.rack) object["rack"] = *broker.registration.rack;
    object["broker_epoch"] = broker.epoch;
    object["registered_ms"] = broker.registration.timestamp_ms;
    object["controller"] = report.controller == broker.id;
    brokers.push_back(std::move(object));
  }
  boost::json::object object;
  object["cluster_id"] = nullptr;
  if (!report.cluster_id.empty()) object["cluster_id"] = report.cluster_id;
  object["controller"] = Json(report.controller);
  object["controller_epoch"] = Json(report.controller_epoch);
  object["brokers"] = std::move(brokers);
  return object;
}

}  // namespace rookery::tools::brokers
