#include "coordinator/frontend/commands/admin_commands.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coordinator/frontend/commands/json_text.h"
#include "coordinator/frontend/commands/metrics.h"
#include "coordinator/frontend/commands/numbers.h"

namespace rookery::frontend {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value NumberValue(double number) {
  if (std::abs(number) < 9e15 && number == std::floor(number)) return static_cast<int64_t>(number);
  return number;
}

object ClientObject(const ClientLine& client) {
  return {{"remote_socket_address", client.peer},
          {"interest_ops", client.reading ? 1 : 0},
          {"outstanding_requests", client.queued},
          {"packets_received", client.received},
          {"packets_sent", client.sent},
          {"session_id", client.session},
          {"last_operation", client.last_operation},
          {"established", client.established_ms},
          {"session_timeout", client.timeout_ms},
          {"last_cxid", client.last_cxid},
          {"last_zxid", client.last_zxid},
          {"last_response_time", client.last_response_ms},
          {"last_latency", client.last_latency_ms},
          {"min_latency", client.min_latency_ms},
          {"avg_latency", client.avg_latency_ms},
          {"max_latency", client.max_latency_ms}};
}

void Connections(const FactSources& sources, object* out) {
  array clients;
  for (const ClientLine& client : sources.clients()) clients.push_back(ClientObject(client));
  (*out)["connections"] = std::move(clients);
  (*out)["secure_connections"] = array();
}

void ServerStats(const FactSources& sources, object* out) {
  const service::Statistics now = sources.statistics();
  const service::EnsembleStatus status = sources.ensemble();
  const TrafficCounters traffic = sources.traffic();
  const Latency latency = LatencyOf(now);
  (*out)["version"] = VersionText(status);
  (*out)["read_only"] = false;
  (*out)["server_stats"] = object{{"packets_sent", traffic.packets_sent},
                                  {"packets_received", traffic.packets_received},
                                  {"avg_latency", latency.avg_ms},
                                  {"min_latency", latency.min_ms},
                                  {"max_latency", latency.max_ms},
                                  {"outstanding_requests", now.outstanding_requests},
                                  {"last_processed_zxid", status.zxid},
                                  {"server_state", ModeOf(status)},
                                  {"num_alive_client_connections", sources.connections()},
                                  {"auth_failed_count", traffic.auth_failed},
                                  {"uptime", now.uptime_us / 1000}};
  (*out)["client_response"] = object{{"last_buffer_size", traffic.response_bytes_last},
                                     {"min_buffer_size", traffic.response_bytes_min},
                                     {"max_buffer_size", traffic.response_bytes_max}};
  if (ModeOf(status) == "leader") {
    (*out)["proposal_stats"] = object{{"last_buffer_size", now.entry_bytes_last},
                                      {"min_buffer_size", now.entry_bytes_min},
                                      {"max_buffer_size", now.entry_bytes_max}};
  }
  (*out)["node_count"] = NodeCount(now);
}

void Stats(const FactSources& sources, object* out) {
  ServerStats(sources, out);
  Connections(sources, out);
}

void Monitor(const FactSources& sources, object* out) {
  MetricSet set;
  CollectMetrics(sources, &set);
  for (const auto& [name, text] : MetricLines(set)) {
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    const bool numeric = !text.empty() && end == text.c_str() + text.size();
    (*out)[name] = numeric ? NumberValue(number) : value(text);
  }
}

void Configuration(const FactSources& sources, object* out) {
  const ConfigurationFacts facts = sources.configuration();
  *out = {{"client_port", facts.client_port},
          {"data_dir", facts.data_dir},
          {"data_log_dir", facts.data_log_dir},
          {"tick_time", facts.tick_time_ms},
          {"max_client_cnxns", facts.max_client_connections},
          {"min_session_timeout", facts.min_session_timeout_ms},
          {"max_session_timeout", facts.max_session_timeout_ms},
          {"server_id", facts.server_id},
          {"client_port_listen_backlog", facts.client_port_listen_backlog}};
  if (facts.membership.empty()) return;
  (*out)["init_limit"] = facts.init_limit;
  (*out)["sync_limit"] = facts.sync_limit;
  (*out)["election_alg"] = 3;
  (*out)["election_port"] = facts.election_port;
  (*out)["quorum_port"] = facts.quorum_port;
  (*out)["peer_type"] = facts.observer ? 1 : 0;
  (*out)["membership"] = facts.membership;
}

void Dump(const FactSources& sources, object* out) {
  object expiry;
  object ephemerals;
  for (const service::SessionInfo& session : sources.sessions()) {
    if (session.expires_in_us >= 0) {
      value& ids = expiry[absl::StrCat(session.expires_in_us / 1000)];
      if (ids.is_null()) ids = array();
      ids.as_array().push_back(session.id);
    }
    if (session.ephemerals.empty()) continue;
    array paths;
    for (const std::string& path : session.ephemerals) paths.emplace_back(path);
    ephemerals[model::ToHex(session.id)] = std::move(paths);
  }
  (*out)["expiry_time_to_session_ids"] = std::move(expiry);
  (*out)["session_id_to_ephemeral_paths"] = std::move(ephemerals);
}

void Environment(const FactSources& sources, object* out) {
  (*out)["zookeeper.version"] = VersionText(sources.ensemble());
  for (const auto& [key, text] : sources.process().environment) (*out)[key] = text;
}

void WatchSummary(const FactSources& sources, object* out) {
  const service::Statistics now = sources.statistics();
  (*out)["num_connections"] = now.watch_connections;
  (*out)["num_paths"] = now.watch_paths;
  (*out)["num_total_watches"] = now.watch_data;
}

void Watches(const FactSources& sources, object* out) {
  object by_session;
  for (const service::WatchedPath& watched : sources.watches()) {
    for (const model::SessionId id : watched.sessions) {
      value& paths = by_session[model::ToHex(id)];
      if (paths.is_null()) paths = array();
      paths.as_array().emplace_back(watched.path);
    }
  }
  (*out)["session_id_to_watched_paths"] = std::move(by_session);
}

void WatchesByPath(const FactSources& sources, object* out) {
  object by_path;
  for (const service::WatchedPath& watched : sources.watches()) {
    array ids;
    for (const model::SessionId id : watched.sessions) ids.emplace_back(model::ToHex(id));
    by_path[watched.path] = std::move(ids);
  }
  (*out)["path_to_session_ids"] = std::move(by_path);
}

void Dirs(const FactSources& sources, object* out) {
  const DirectoryFacts sizes = sources.directories();
  (*out)["datadir_size"] = sizes.data_bytes;
  (*out)["logdir_size"] = sizes.log_bytes;
}

void ResetServer(const FactSources& sources, object*) { sources.reset_server(); }
void ResetConnections(const FactSources& sources, object*) { sources.reset_connections(); }

void Leader(const FactSources& sources, object* out) {
  const service::EnsembleStatus status = sources.ensemble();
  (*out)["is_leader"] = status.state == service::ServerState::kLeading;
  (*out)["leader_id"] = status.leader;
  for (const service::EnsembleMember& member : status.members) {
    if (member.server == status.leader) {
      (*out)["leader_ip"] = member.address.substr(0, member.address.find(':'));
    }
  }
}

void VotingView(const FactSources& sources, object* out) {
  object view;
  for (const service::EnsembleMember& member : sources.ensemble().members) {
    if (!member.voter) continue;
    view[absl::StrCat(member.server)] = object{{"server_addresses", array{member.address}},
                                               {"client_address", member.client_address},
                                               {"learner_type", "participant"}};
  }
  (*out)["current_config"] = std::move(view);
}

void ZabState(const FactSources& sources, object* out) {
  const service::EnsembleStatus status = sources.ensemble();
  *out = {{"myid", status.server},
          {"is_leader", status.state == service::ServerState::kLeading},
          {"voting", status.state != service::ServerState::kObserving},
          {"last_zxid", model::ToHex(status.zxid)},
          {"zab_epoch", status.zxid >> 32},
          {"zab_counter", status.zxid & 0xffffffff},
          {"zabstate", status.state == service::ServerState::kLooking ? "election" : "broadcast"}};
}

void ReadOnly(const FactSources&, object* out) { (*out)["read_only"] = false; }
void Nothing(const FactSources&, object*) {}

struct Command {
  const char* name;
  std::vector<const char*> aliases;
  bool needs_service;
  void (*run)(const FactSources& sources, object* out);
};

const std::vector<Command>& Commands() {
  static const auto* const kCommands = new std::vector<Command>{
      {"configuration", {"conf", "config"}, true, &Configuration},
      {"connection_stat_reset", {"crst"}, true, &ResetConnections},
      {"connections", {"cons"}, true, &Connections},
      {"dirs", {}, true, &Dirs},
      {"dump", {}, true, &Dump},
      {"environment", {"env", "envi"}, false, &Environment},
      {"is_read_only", {"isro"}, true, &ReadOnly},
      {"leader", {"lead"}, true, &Leader},
      {"monitor", {"mntr"}, true, &Monitor},
      {"ruok", {}, false, &Nothing},
      {"server_stats", {"srvr"}, true, &ServerStats},
      {"stat_reset", {"srst"}, true, &ResetServer},
      {"stats", {"stat"}, true, &Stats},
      {"voting_view", {}, true, &VotingView},
      {"watch_summary", {"wchs"}, true, &WatchSummary},
      {"watches", {"wchc"}, true, &Watches},
      {"watches_by_path", {"wchp"}, true, &WatchesByPath},
      {"zabstate", {}, true, &ZabState},
  };
  return *kCommands;
}

}  // namespace

std::string RunAdminCommand(absl::string_view name, const FactSources& sources) {
  object out;
  for (const Command& command : Commands()) {
    const bool alias = std::any_of(command.aliases.begin(), command.aliases.end(),
                                   [&](const char* each) { return name == each; });
    if (name != command.name && !alias) continue;
    const bool runs = !command.needs_service || sources.ensemble().serving;
    if (runs) command.run(sources, &out);
    out["command"] = command.name;
    out["error"] =
        runs ? value(nullptr) : value("This ZooKeeper instance is not currently serving requests");
    return JsonText(out);
  }
  out["command"] = std::string(name);
  out["error"] = absl::StrCat("Unknown command: ", name);
  return JsonText(out);
}

std::vector<std::string> AdminCommandNames() {
  std::vector<std::string> names;
  for (const Command& command : Commands()) names.emplace_back(command.name);
  return names;
}

}  // namespace rookery::frontend
