#include "coordinator/main/doors.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/random.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/frontend/http/admin_router.h"
#include "coordinator/main/config/server_line.h"

namespace rookery {
namespace {

std::string HostToListen(const config::Port& port) {
  return port.host.empty() ? "0.0.0.0" : port.host;
}

std::shared_ptr<const frontend::SaslRules> SaslRulesOf(const config::Config& config) {
  if (!config.OffersSasl()) return nullptr;
  return std::make_shared<const frontend::SaslRules>(
      frontend::SaslRules{.passwords = config.sasl_passwords,
                          .super_users = config.sasl_super_users,
                          .keeps_refused = config.keep_sasl_failed_clients});
}

frontend::IdentityRules RulesOf(const config::Config& config) {
  return {.skip_acl = config.skip_acl,
          .enforce_quota = config.enforce_quota,
          .digest_enabled = config.digest_enabled,
          .super_digest = config.super_digest,
          .sasl = SaslRulesOf(config)};
}

// Says which line of the configuration the port comes from.
absl::Status OfKey(absl::string_view key, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(key, ": ", status.message(),
                                   ": stop who listens there, or choose another port"));
}

// A busy port that nobody asked for by name is no reason not to serve.
absl::Status Forgive(absl::Status status, const config::Port& port, absl::string_view what) {
  if (status.ok() || port.named) return status;
  LogWarn(absl::StrCat("going on without ", what), {{"why", status.message()}});
  return absl::OkStatus();
}

}  // namespace

Doors::Doors(const config::Config& config, Node* node, DoorEdges edges)
    : config_(config),
      node_(node),
      edges_(edges),
      directories_(edges.core, edges.scan_thread, edges.clock, config.data_dir,
                   config.data_log_dir) {}

Doors::~Doors() = default;

absl::Status Doors::Open(service::ServerService* service) {
  sources_ = Sources(service);
  directories_.Start();
  words_ = std::make_unique<frontend::FourLetterWords>(
      sources_, absl::StrJoin(config_.four_letter_words, ","));
  ROOKERY_RETURN_IF_ERROR(OpenZooKeeper(service));
  if (config_.grpc.enabled) {
    ROOKERY_RETURN_IF_ERROR(Forgive(OpenGrpc(service), config_.grpc, "the gRPC port"));
  }
  if (config_.admin.enabled) {
    ROOKERY_RETURN_IF_ERROR(Forgive(OpenHttp(), config_.admin, "the administration port"));
  }
  node_->SetDoorPorts(Ports());
  return absl::OkStatus();
}

absl::Status Doors::OpenZooKeeper(service::ServerService* service) {
  frontend::ZooKeeperDoorOptions options;
  options.listen = {HostToListen(config_.client), config_.client.port};
  options.rules.identity = RulesOf(config_);
  options.rules.min_session_timeout_ms = config_.min_session_timeout_ms;
  options.rules.max_session_timeout_ms = config_.max_session_timeout_ms;
  options.rules.frame_bytes_max = config_.frame_bytes_max;
  options.connections_per_host_max = config_.max_client_connections_per_ip;
  options.connections_max = config_.max_client_connections;
  auto door = frontend::ZooKeeperDoor::Open(std::move(options), edges_.core, edges_.clock,
                                            edges_.network, service, words_.get());
  if (!door.ok()) return OfKey("clientPort", door.status());
  zookeeper_ = *std::move(door);
  LogInfo("ZooKeeper clients are welcome", {{"clientPort", zookeeper_->local().port}});
  return absl::OkStatus();
}

absl::Status Doors::OpenGrpc(service::ServerService* service) {
  frontend::GrpcDoorOptions options;
  options.listen = {HostToListen(config_.grpc), config_.grpc.port};
  options.min_session_timeout_ms = config_.min_session_timeout_ms;
  options.max_session_timeout_ms = config_.max_session_timeout_ms;
  options.identity = RulesOf(config_);
  options.request_bytes_max = config_.frame_bytes_max;
  options.sessions_per_host_max = config_.max_client_connections_per_ip;
  options.sessions_max = config_.max_client_connections;
  options.journal = edges_.journal;
  options.seed = SeedFromSystem();
  auto door = frontend::GrpcDoor::Open(options, edges_.core, edges_.scan_thread, service, node_);
  if (!door.ok()) return OfKey("grpcPort", door.status());
  grpc_ = *std::move(door);
  LogInfo("gRPC clients are welcome", {{"grpcPort", grpc_->port()}});
  return absl::OkStatus();
}

absl::Status Doors::OpenHttp() {
  frontend::HttpDoorOptions options;
  options.listen = {HostToListen(config_.admin), config_.admin.port};
  auto door = frontend::HttpDoor::Open(std::move(options), edges_.core, edges_.network,
                                       frontend::AdminRouter(sources_));
  if (!door.ok()) return OfKey("admin.serverPort", door.status());
  http_ = *std::move(door);
  LogInfo("administration and metrics over HTTP", {{"admin.serverPort", http_->local().port}});
  return absl::OkStatus();
}

service::DoorPorts Doors::Ports() const {
  service::DoorPorts ports;
  if (grpc_ != nullptr) ports.grpc = grpc_->port();
  if (http_ != nullptr) ports.admin = http_->local().port;
  return ports;
}

frontend::FactSources Doors::Sources(service::ServerService* service) {
  frontend::FactSources sources;
  sources.statistics = [service] { return service->GetStatistics(); };
  sources.ensemble = [node = node_] { return node->Status(); };
  sources.connections = [this] {
    return (zookeeper_ == nullptr ? 0 : zookeeper_->connections()) +
           (grpc_ == nullptr ? 0 : grpc_->sessions());
  };
  sources.watches = [service] { return service->Watches(); };
  sources.sessions = [service] { return service->Sessions(); };
  sources.clients = [this] {
    return zookeeper_ == nullptr ? std::vector<frontend::ClientLine>() : zookeeper_->clients();
  };
  sources.traffic = [this] {
    return zookeeper_ == nullptr ? frontend::TrafficCounters() : zookeeper_->traffic();
  };
  sources.configuration = [this] { return ConfigurationOf(); };
  sources.directories = [this] { return directories_.facts(); };
  sources.reset_server = [this, service] {
    service->ResetStatistics();
    if (zookeeper_ != nullptr) zookeeper_->ResetTraffic();
  };
  sources.reset_connections = [this] {
    if (zookeeper_ != nullptr) zookeeper_->ResetClients();
  };
  sources.process = [] { return frontend::ReadProcessFacts(); };
  sources.more_metrics = [node = node_, budget_bytes = config_.memory_budget_bytes,
                          journal = edges_.journal](
                             std::vector<frontend::Metric>* metrics,
                             std::vector<frontend::DurationMetric>* durations) {
    if (const auto* consensus = node->consensus()) {
      durations->push_back({"fsynctime", &consensus->LogWriteTimes()});
    }
    const store::NodeStore::Usage usage = node->store()->GetUsage();
    metrics->push_back({"store_active_bytes", static_cast<double>(usage.active_bytes)});
    metrics->push_back({"store_frozen_bytes", static_cast<double>(usage.frozen_bytes)});
    metrics->push_back({"store_clean_bytes", static_cast<double>(usage.clean_bytes)});
    metrics->push_back({"store_filter_bytes", static_cast<double>(usage.filter_bytes)});
    metrics->push_back(
        {"log_cache_bytes", static_cast<double>(node->consensus()->GetStatus().cached_bytes)});
    metrics->push_back({"memory_budget_bytes", static_cast<double>(budget_bytes)});
    metrics->push_back({"store_base_bytes", static_cast<double>(usage.base_bytes)});
    if (journal != nullptr) {
      metrics->push_back({"metadata_journal_bytes", static_cast<double>(journal->bytes())});
    }
    metrics->push_back({"store_loads", static_cast<double>(usage.loads), true});
  };
  return sources;
}

frontend::ConfigurationFacts Doors::ConfigurationOf() const {
  frontend::ConfigurationFacts facts;
  facts.client_port = zookeeper_ == nullptr ? config_.client.port : zookeeper_->local().port;
  facts.ports = Ports();
  facts.data_dir = config_.data_dir;
  facts.data_log_dir = config_.data_log_dir;
  facts.tick_time_ms = config_.tick_time_ms;
  facts.max_client_connections = static_cast<int>(config_.max_client_connections_per_ip);
  facts.min_session_timeout_ms = config_.min_session_timeout_ms;
  facts.max_session_timeout_ms = config_.max_session_timeout_ms;
  facts.server_id = config_.server_number;
  if (!config_.IsEnsemble()) return facts;
  facts.init_limit = config_.init_limit_ticks;
  facts.sync_limit = config_.sync_limit_ticks;
  facts.membership =
      absl::StrJoin(config_.servers, "\n", [](std::string* out, const consensus::ServerLine& line) {
        absl::StrAppend(out, config::FormatServerLine(line));
      });
  for (const consensus::ServerLine& line : config_.servers) {
    if (line.number != config_.server_number) continue;
    facts.quorum_port = line.quorum_port;
    facts.election_port = line.election_port;
    facts.observer = line.observer;
  }
  return facts;
}

void Doors::StopListening() {
  if (zookeeper_ != nullptr) zookeeper_->StopListening();
  SetServing(false);
}

void Doors::CloseGrpc() {
  if (grpc_ != nullptr) grpc_->Stop();
}

void Doors::SetServing(bool serving) {
  if (grpc_ != nullptr) grpc_->SetServing(serving);
}

}  // namespace rookery
