#include "tools/rookery/brokers/brokers.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "tools/rookery/brokers/cluster_report.h"

namespace rookery::tools::brokers {
namespace {

// The data of a node that exists.
std::optional<std::string> DataOf(const metadata::Nodes& nodes, absl::string_view path) {
  const auto node = nodes.find(std::string(path));
  if (node == nodes.end()) return std::nullopt;
  return node->second.data.value_or("");
}

absl::StatusOr<ClusterReport> ReadCluster(client::BlockingClient& client) {
  ClusterReport report;
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Nodes nodes,
                           metadata::ReadNodes(client, {std::string(kafka::kClusterIdPath),
                                                        std::string(kafka::kControllerPath),
                                                        std::string(kafka::kControllerEpochPath)}));
  if (const auto data = DataOf(nodes, kafka::kClusterIdPath); data && !data->empty()) {
    ROOKERY_ASSIGN_OR_RETURN(report.cluster_id, kafka::DecodeClusterId(*data));
  }
  if (const auto data = DataOf(nodes, kafka::kControllerPath)) {
    ROOKERY_ASSIGN_OR_RETURN(const kafka::Controller controller, kafka::DecodeController(*data));
    report.controller = controller.broker;
  }
  if (const auto data = DataOf(nodes, kafka::kControllerEpochPath)) {
    ROOKERY_ASSIGN_OR_RETURN(report.controller_epoch, kafka::DecodeControllerEpoch(*data));
  }
  ROOKERY_ASSIGN_OR_RETURN(report.brokers, metadata::ReadBrokers(client));
  return report;
}

int RunBrokers(const GlobalOptions& global, bool json) {
  const auto read = [&]() -> absl::StatusOr<ClusterReport> {
    ROOKERY_ASSIGN_OR_RETURN(const auto client, metadata::Open(global));
    return ReadCluster(*client);
  };
  const absl::StatusOr<ClusterReport> report = read();
  if (!report.ok()) {
    std::cerr << "rookery brokers: " << report.status().message() << "\n";
    return kExitFailed;
  }
  if (json) {
    std::cout << boost::json::serialize(ToJson(*report)) << "\n";
  } else {
    std::cout << ToText(*report);
  }
  return kExitOk;
}

}  // namespace

Run DefineBrokers(CLI::App& app, const GlobalOptions& global) {
  auto json = std::make_shared<bool>(false);
  app.add_flag("--json", *json, "one object");
  return [json, &global] { return RunBrokers(global, *json); };
}

}  // namespace rookery::tools::brokers
