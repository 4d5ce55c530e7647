#include "tools/rookery/ensemble/ensemble_report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coordinator/model/ids.h"
#include "rookery/v1/ensemble.pb.h"
#include "tools/rookery/table.h"

namespace rookery::tools::ensemble {
namespace {

std::string RoleOf(const v1::GetStatusResponse& status) {
  switch (status.state()) {
    case v1::SERVER_STATE_LEADING:
      return status.members_size() > 1 ? "leader" : "standalone";
    case v1::SERVER_STATE_FOLLOWING:
      return status.serving() ? "follower" : "not serving";
    case v1::SERVER_STATE_OBSERVING:
      return status.serving() ? "observer" : "not serving";
    default:
      return "not serving";
  }
}

// Transactions that a server is behind the newest of those that answered; across epochs the number
// means nothing.
std::string LagText(const ServerReport& server, std::optional<int64_t> newest) {
  if (!server.zxid || !newest) return "-";
  if ((*server.zxid >> 32) != (*newest >> 32)) return "another epoch";
  return absl::StrCat(*newest - *server.zxid);
}

template <typename Number>
std::string Text(const std::optional<Number>& number) {
  return number ? absl::StrCat(*number) : "-";
}

std::string DigestText(const std::optional<uint64_t>& digest) {
  return digest ? std::string(absl::StrCat(absl::Hex(*digest, absl::kZeroPad16))) : "-";
}

std::string PortText(const std::optional<uint32_t>& port) {
  return port == 0u ? "none" : Text(port);
}

template <typename Value>
boost::json::value Json(const std::optional<Value>& value) {
  if (!value) return nullptr;
  return *value;
}

std::string ServersText(const EnsembleReport& report) {
  const bool administered = !report.members.empty();
  std::vector<std::string> head = {"SERVER", "ROLE", "ZXID", "LAG"};
  if (administered) head.insert(head.end(), {"ID", "TERM", "APPLIED", "DIGEST"});
  head.insert(head.end(), {"CONNECTIONS", "SESSIONS", "NODES"});
  if (administered) head.insert(head.end(), {"GRPC", "ADMIN"});
  head.emplace_back("VERSION");
  Table table(head);
  for (const ServerReport& server : report.servers) {
    std::vector<std::string> row = {server.address.ToString(), server.role,
                                    server.zxid ? model::ToHex(*server.zxid) : "-",
                                    LagText(server, report.NewestZxid())};
    if (administered) {
      row.insert(row.end(), {Text(server.number), Text(server.term), Text(server.applied_index),
                             DigestText(server.digest)});
    }
    row.insert(row.end(), {Text(server.connections), Text(server.sessions), Text(server.nodes)});
    if (administered) {
      row.insert(row.end(), {PortText(server.grpc_port), PortText(server.admin_port)});
    }
    row.push_back(server.version.empty() ? "-" : server.version);
    table.Add(std::move(row));
  }
  return table.ToString();
}

}  // namespace

std::optional<int64_t> EnsembleReport::NewestZxid() const {
  std::optional<int64_t> newest;
  for (const ServerReport& server : servers) {
    if (server.zxid && (!newest || *server.zxid > *newest)) newest = server.zxid;
  }
  return newest;
}

bool EnsembleReport::HasLeader() const {
  return std::any_of(servers.begin(), servers.end(), [](const ServerReport& server) {
    return server.role == "leader" || server.role == "standalone";
  });
}

std::string EnsembleReport::DigestConflict() const {
  for (const ServerReport& a : servers) {
    for (const ServerReport& b : servers) {
      if (a.applied_index && a.digest && b.digest && a.applied_index == b.applied_index &&
          a.digest != b.digest) {
        return absl::StrCat(a.address.ToString(), " and ", b.address.ToString(),
                            " hold different states at entry ", *a.applied_index);
      }
    }
  }
  return "";
}

void ReadAdminStatus(const v1::GetStatusResponse& status, ServerReport* server,
                     EnsembleReport* report) {
  server->role = RoleOf(status);
  server->problem.clear();
  server->number = status.server();
  server->term = status.term();
  server->applied_index = status.applied_index();
  server->digest = status.digest();
  server->zxid = status.zxid();
  server->sessions = static_cast<int64_t>(status.sessions());
  server->nodes = static_cast<int64_t>(status.nodes());
  server->connections = static_cast<int64_t>(status.connections());
  server->grpc_port = status.grpc_port();
  server->admin_port = status.admin_port();
  if (server->version.empty()) server->version = status.version();
  const bool leads = status.state() == v1::SERVER_STATE_LEADING;
  if (!leads && !report->members.empty()) return;
  report->members.clear();
  uint64_t longest = 0;
  for (const v1::Member& member : status.members()) {
    longest = std::max<uint64_t>(longest, member.matched_index());
  }
  for (const v1::Member& member : status.members()) {
    MemberReport& row = report->members.emplace_back();
    row.number = member.server();
    row.voter = member.voter();
    row.address = member.address();
    row.client_address = member.client_address();
    if (!leads) continue;  // a follower knows neither of the others
    row.connected = member.connected();
    row.log_behind = longest - member.matched_index();
  }
}

std::string ToText(const EnsembleReport& report) {
  std::string text = ServersText(report);
  if (report.members.empty()) return text;
  Table table({"MEMBER", "VOTE", "ADDRESS", "CLIENT ADDRESS", "CONNECTED", "LOG BEHIND"});
  for (const MemberReport& member : report.members) {
    table.Add({absl::StrCat(member.number), member.voter ? "yes" : "no", member.address,
               member.client_address.empty() ? "-" : member.client_address,
               !member.connected   ? "-"
               : *member.connected ? "yes"
                                   : "no",
               Text(member.log_behind)});
  }
  return absl::StrCat(text, "\n", table.ToString());
}

boost::json::object ToJson(const EnsembleReport& report) {
  boost::json::array servers;
  for (const ServerReport& server : report.servers) {
    servers.push_back(boost::json::object{
        {"server", server.address.ToString()},
        {"role", server.role},
        {"zxid", server.zxid ? boost::json::value(model::ToHex(*server.zxid)) : nullptr},
        {"id", Json(server.number)},
        {"term", Json(server.term)},
        {"applied_index", Json(server.applied_index)},
        {"digest", server.digest ? boost::json::value(DigestText(server.digest)) : nullptr},
        {"connections", Json(server.connections)},
        {"sessions", Json(server.sessions)},
        {"nodes", Json(server.nodes)},
        {"grpc_port", Json(server.grpc_port)},
        {"admin_port", Json(server.admin_port)},
        {"version", server.version},
        {"problem", server.problem}});
  }
  boost::json::array members;
  for (const MemberReport& member : report.members) {
    members.push_back(boost::json::object{{"id", member.number},
                                          {"voter", member.voter},
                                          {"address", member.address},
                                          {"client_address", member.client_address},
                                          {"connected", Json(member.connected)},
                                          {"log_behind", Json(member.log_behind)}});
  }
  return {{"servers", std::move(servers)}, {"members", std::move(members)}};
}

}  // namespace rookery::tools::ensemble
