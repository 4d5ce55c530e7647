#include "coordinator/frontend/commands/four_letter_words.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/frontend/commands/metrics.h"
#include "coordinator/frontend/commands/numbers.h"

namespace rookery::frontend {
namespace {

constexpr absl::string_view kNotServing =
    "This ZooKeeper instance is not currently serving requests\n";
constexpr absl::string_view kSetTraceMask = "stmk";

std::string Srvr(const FactSources& sources, bool with_clients) {
  const service::EnsembleStatus status = sources.ensemble();
  const service::Statistics now = sources.statistics();
  const TrafficCounters traffic = sources.traffic();
  const Latency latency = LatencyOf(now);
  const std::string mode = ModeOf(status);
  std::string text = absl::StrCat("Zookeeper version: ", VersionText(status), "\n");
  if (with_clients) {
    text += "Clients:\n";
    for (const ClientLine& client : sources.clients()) {
      absl::StrAppend(&text, BriefLine(client), "\n");
    }
    text += "\n";
  }
  absl::StrAppend(&text, "Latency min/avg/max: ", latency.min_ms, "/", Decimal(latency.avg_ms), "/",
                  latency.max_ms, "\nReceived: ", traffic.packets_received,
                  "\nSent: ", traffic.packets_sent, "\nConnections: ", sources.connections(),
                  "\nOutstanding: ", now.outstanding_requests,
                  "\nZxid: ", model::ToHex(status.zxid), "\nMode: ", mode,
                  "\nNode count: ", NodeCount(now), "\n");
  if (mode == "leader") {
    const bool none = now.entries_proposed == 0;
    absl::StrAppend(&text, "Proposal sizes last/min/max: ",
                    none ? -1 : static_cast<int64_t>(now.entry_bytes_last), "/",
                    none ? -1 : static_cast<int64_t>(now.entry_bytes_min), "/",
                    none ? -1 : static_cast<int64_t>(now.entry_bytes_max), "\n");
  }
  return text;
}

std::string Mntr(const FactSources& sources) {
  MetricSet set;
  CollectMetrics(sources, &set);
  std::string text;
  for (const auto& [name, value] : MetricLines(set)) {
    absl::StrAppend(&text, "zk_", name, "\t", value, "\n");
  }
  return text;
}

void AppendEnsemble(const ConfigurationFacts& facts, std::string* text) {
  absl::StrAppend(text, "initLimit=", facts.init_limit, "\nsyncLimit=", facts.sync_limit,
                  "\nelectionAlg=3\nelectionPort=", facts.election_port,
                  "\nquorumPort=", facts.quorum_port, "\npeerType=", facts.observer ? 1 : 0,
                  "\nmembership: \n", facts.membership, "\n");
}

std::string Conf(const FactSources& sources) {
  const ConfigurationFacts facts = sources.configuration();
  const DirectoryFacts sizes = sources.directories();
  std::string text = absl::StrCat(
      "clientPort=", facts.client_port, "\nsecureClientPort=", facts.secure_client_port,
      "\ndataDir=", facts.data_dir, "\ndataDirSize=", sizes.data_bytes,
      "\ndataLogDir=", facts.data_log_dir, "\ndataLogSize=", sizes.log_bytes,
      "\ntickTime=", facts.tick_time_ms, "\nmaxClientCnxns=", facts.max_client_connections,
      "\nminSessionTimeout=", facts.min_session_timeout_ms,
      "\nmaxSessionTimeout=", facts.max_session_timeout_ms,
      "\nclientPortListenBacklog=", facts.client_port_listen_backlog,
      "\nserverId=", facts.server_id, "\n");
  if (!facts.membership.empty()) AppendEnsemble(facts, &text);
  // Ours: ports that were taken from what is free are known to nobody else.
  absl::StrAppend(&text, "grpcPort=", facts.ports.grpc, "\nadmin.serverPort=", facts.ports.admin,
                  "\n");
  return text;
}

std::string Cons(const FactSources& sources) {
  std::string text;
  for (const ClientLine& client : sources.clients()) {
    absl::StrAppend(&text, FullLine(client), "\n");
  }
  return text + "\n";
}

std::string Envi(const FactSources& sources) {
  std::string text =
      absl::StrCat("Environment:\nzookeeper.version=", VersionText(sources.ensemble()), "\n");
  for (const auto& [key, value] : sources.process().environment) {
    absl::StrAppend(&text, key, "=", value, "\n");
  }
  return text;
}

std::string Wchs(const FactSources& sources) {
  const service::Statistics now = sources.statistics();
  return absl::StrCat(now.watch_connections, " connections watching ", now.watch_paths,
                      " paths\nTotal watches:", now.watch_data, "\n");
}

std::string Wchp(const FactSources& sources) {
  std::string text;
  for (const service::WatchedPath& watched : sources.watches()) {
    absl::StrAppend(&text, watched.path, "\n");
    for (const model::SessionId id : watched.sessions) {
      absl::StrAppend(&text, "\t", model::ToHex(id), "\n");
    }
  }
  return text + "\n";
}

std::string Wchc(const FactSources& sources) {
  const std::vector<service::WatchedPath> watches = sources.watches();
  std::map<model::SessionId, std::vector<absl::string_view>> by_session;
  for (const service::WatchedPath& watched : watches) {
    for (const model::SessionId id : watched.sessions) by_session[id].push_back(watched.path);
  }
  std::string text;
  for (const auto& [id, paths] : by_session) {
    absl::StrAppend(&text, model::ToHex(id), "\n");
    for (const absl::string_view path : paths) absl::StrAppend(&text, "\t", path, "\n");
  }
  return text + "\n";
}

std::string Dirs(const FactSources& sources) {
  const DirectoryFacts sizes = sources.directories();
  return absl::StrCat("datadir_size: ", sizes.data_bytes, "\nlogdir_size: ", sizes.log_bytes, "\n");
}

std::string Dump(const FactSources& sources) {
  const std::vector<service::SessionInfo> sessions = sources.sessions();
  // Sets of a second each; only the leader knows when sessions expire.
  std::map<int64_t, std::vector<model::SessionId>> sets;
  for (const service::SessionInfo& session : sessions) {
    if (session.expires_in_us >= 0) sets[session.expires_in_us / 1'000'000].push_back(session.id);
  }
  std::string text = "SessionTracker dump:\n";
  if (!sets.empty() || sessions.empty()) {
    absl::StrAppend(&text, "Session Sets (", sets.size(), ")/(", sessions.size(), "):\n");
    for (const auto& [seconds, ids] : sets) {
      absl::StrAppend(&text, ids.size(), " expire in ", seconds, " s:\n");
      for (const model::SessionId id : ids) absl::StrAppend(&text, "\t", model::ToHex(id), "\n");
    }
  } else {
    absl::StrAppend(&text, "Global Sessions(", sessions.size(), "):\n");
    for (const service::SessionInfo& session : sessions) {
      absl::StrAppend(&text, model::ToHex(session.id), "\t", session.timeout_ms, "ms\n");
    }
  }
  const auto owners = std::count_if(sessions.begin(), sessions.end(), [](const auto& session) {
    return !session.ephemerals.empty();
  });
  absl::StrAppend(&text, "ephemeral nodes dump:\nSessions with Ephemerals (", owners, "):\n");
  for (const service::SessionInfo& session : sessions) {
    if (session.ephemerals.empty()) continue;
    absl::StrAppend(&text, model::ToHex(session.id), ":\n");
    for (const std::string& path : session.ephemerals) absl::StrAppend(&text, "\t", path, "\n");
  }
  const std::vector<ClientLine> clients = sources.clients();
  absl::StrAppend(&text, "Connections dump:\nConnections Sets (1)/(", clients.size(), "):\n");
  for (const ClientLine& client : clients) {
    absl::StrAppend(&text, "\tip: /", client.peer, " sessionId: ", model::ToHex(client.session),
                    "\n");
  }
  return text;
}

// The digest of the state, and the zxid it is of: equal on all servers that stand at that zxid.
std::string Hash(const FactSources& sources) {
  const service::EnsembleStatus status = sources.ensemble();
  return absl::StrCat(absl::Hex(static_cast<uint64_t>(status.zxid)), ": ", status.digest, "\n");
}

}  // namespace

FourLetterWords::FourLetterWords(FactSources sources, absl::string_view whitelist)
    : sources_(std::move(sources)) {
  for (const absl::string_view word : absl::StrSplit(whitelist, ',', absl::SkipWhitespace())) {
    const absl::string_view name = absl::StripAsciiWhitespace(word);
    all_ = all_ || name == "*";
    allowed_.emplace(name);
  }
}

bool FourLetterWords::Allowed(absl::string_view word) const {
  return all_ || allowed_.contains(std::string(word));
}

size_t FourLetterWords::BytesBehind(absl::string_view word) const {
  return word == kSetTraceMask && Allowed(word) ? sizeof(trace_mask_) : 0;
}

std::string FourLetterWords::Answer(absl::string_view word, absl::string_view behind) {
  if (!Allowed(word)) {
    return absl::StrCat(word, " is not executed because it is not in the whitelist.\n");
  }
  if (word == kSetTraceMask) {
    trace_mask_ = 0;
    for (const char byte : behind.substr(0, sizeof(trace_mask_))) {
      trace_mask_ = trace_mask_ << 8 | static_cast<unsigned char>(byte);
    }
  }
  return Run(word);
}

std::string FourLetterWords::Run(absl::string_view word) const {
  if (word == "ruok") return "imok";
  if (word == "envi") return Envi(sources_);
  if (word == "gtmk" || word == kSetTraceMask) {
    return absl::StrCat(static_cast<int64_t>(trace_mask_));
  }
  const bool serving = sources_.ensemble().serving;
  if (word == "isro") return serving ? "rw" : "null";
  if (!serving) return std::string(kNotServing);
  if (word == "srvr") return Srvr(sources_, false);
  if (word == "stat") return Srvr(sources_, true);
  if (word == "mntr") return Mntr(sources_);
  if (word == "conf") return Conf(sources_);
  if (word == "cons") return Cons(sources_);
  if (word == "wchs") return Wchs(sources_);
  if (word == "wchc") return Wchc(sources_);
  if (word == "wchp") return Wchp(sources_);
  if (word == "dirs") return Dirs(sources_);
  if (word == "dump") return Dump(sources_);
  if (word == "crst") {
    sources_.reset_connections();
    return "Connection stats reset.\n";
  }
  if (word == "srst") {
    sources_.reset_server();
    return "Server stats reset.\n";
  }
  if (word == "hash") return Hash(sources_);
  return absl::StrCat(word, " is not executed because this server does not know it.\n");
}

}  // namespace rookery::frontend
