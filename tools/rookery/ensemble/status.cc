#include "tools/rookery/ensemble/status.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/model/ids.h"
#include "tools/rookery/ensemble/server_report.h"
#include "tools/rookery/table.h"

namespace rookery::tools::ensemble {
namespace {

constexpr int64_t kAskTimeoutMsMax = 2000;

bool Leads(const ServerReport& report) {
  return report.role == "leader" || report.role == "standalone";
}

// Transactions that a server is behind the newest of those that answered; across epochs the number
// means nothing.
std::string LagText(const ServerReport& report, std::optional<int64_t> newest) {
  if (!report.zxid || !newest) return "-";
  if ((*report.zxid >> 32) != (*newest >> 32)) return "another epoch";
  return absl::StrCat(*newest - *report.zxid);
}

std::string Text(const std::optional<int64_t>& number) {
  return number ? absl::StrCat(*number) : "-";
}

boost::json::value Json(const std::optional<int64_t>& number) {
  if (!number) return nullptr;
  return *number;
}

void PrintJson(const std::vector<ServerReport>& reports) {
  boost::json::array servers;
  for (const ServerReport& report : reports) {
    servers.push_back(boost::json::object{
        {"server", report.address.ToString()},
        {"role", report.role},
        {"zxid", report.zxid ? boost::json::value(model::ToHex(*report.zxid)) : nullptr},
        {"connections", Json(report.connections)},
        {"sessions", Json(report.sessions)},
        {"nodes", Json(report.nodes)},
        {"version", report.version},
        {"problem", report.problem}});
  }
  std::cout << boost::json::serialize(servers) << "\n";
}

void PrintTable(const std::vector<ServerReport>& reports, std::optional<int64_t> newest) {
  Table table({"SERVER", "ROLE", "ZXID", "LAG", "CONNECTIONS", "SESSIONS", "NODES", "VERSION"});
  for (const ServerReport& report : reports) {
    table.Add({report.address.ToString(), report.role,
               report.zxid ? model::ToHex(*report.zxid) : "-", LagText(report, newest),
               Text(report.connections), Text(report.sessions), Text(report.nodes),
               report.version.empty() ? "-" : report.version});
  }
  std::cout << table.ToString();
  for (const ServerReport& report : reports) {
    if (!report.problem.empty()) {
      std::cerr << report.address.ToString() << ": " << report.problem << "\n";
    }
  }
}

int RunStatus(const GlobalOptions& global, bool json) {
  const auto servers = client::ParseConnectString(global.servers);
  if (!servers.ok()) {
    std::cerr << "rookery status: " << servers.status().message() << "\n";
    return kExitUsage;
  }
  std::vector<ServerReport> reports;
  std::optional<int64_t> newest;
  for (const Address& address : servers->servers) {
    reports.push_back(AskServer(address, std::min(global.timeout_ms, kAskTimeoutMsMax)));
    if (reports.back().zxid && (!newest || *reports.back().zxid > *newest)) {
      newest = reports.back().zxid;
    }
  }
  if (json) {
    PrintJson(reports);
  } else {
    PrintTable(reports, newest);
  }
  return std::any_of(reports.begin(), reports.end(), Leads) ? kExitOk : kExitFailed;
}

}  // namespace

Run DefineStatus(CLI::App& app, const GlobalOptions& global) {
  auto json = std::make_shared<bool>(false);
  app.add_flag("--json", *json, "a list of objects");
  app.footer("Exit status 1 if none of the servers leads.");
  return [json, &global] { return RunStatus(global, *json); };
}

}  // namespace rookery::tools::ensemble
