#include "coordinator/main/server.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/disk/disk.h"
#include "coordinator/base/disk/disk_file_store.h"
#include "coordinator/base/fatal.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/net/asio_core.h"
#include "coordinator/base/random.h"
#include "coordinator/base/secrets.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/log/rocks_log_store.h"
#include "coordinator/kafka/journal.h"
#include "coordinator/kafka/preload.h"
#include "coordinator/main/doors.h"
#include "coordinator/main/node/memory_plan.h"
#include "coordinator/main/node/node.h"
#include "coordinator/store/rocks/rocks_base.h"

namespace rookery {
namespace {

constexpr int64_t kShutdownMaxUs = 4'800'000;
constexpr int64_t kPrefixUs = 100'000;

LogLevel LevelOf(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warn") return LogLevel::kWarn;
  if (name == "error") return LogLevel::kError;
  return LogLevel::kInfo;
}

// Checkpoints of an earlier life are offered to nobody; a half received one is gone on with.
void RemoveOldCheckpoints(const std::string& directory) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    if (entry.path().extension() != ".part") std::filesystem::remove_all(entry.path(), ignored);
  }
}

class Server {
 public:
  Server(const config::Config& config, std::string version)
      : config_(config),
        version_(std::move(version)),
        memory_plan_(PlanMemory(config.memory_budget_bytes)),
        journal_(memory_plan_.metadata_journal) {}

  int Run() {
    if (absl::Status status = OpenEdges(); !status.ok()) return Refuse(status);
    node_ = std::make_unique<Node>(MakeNodeOptions(), MakeNodeEdges());
    doors_ = std::make_unique<Doors>(config_, node_.get(),
                                     DoorEdges{.core = &core_,
                                               .network = &core_,
                                               .clock = &SystemClock(),
                                               .scan_thread = scan_thread_.get(),
                                               .journal = &journal_});
    core_.Post([this] { Begin(); });
    core_.OnTerminationSignal([this](int signal) { Shutdown(signal); });
    core_.Run();
    if (grpc_end_.joinable()) grpc_end_.join();
    // Threads end before what they work on; edges end last.
    log_thread_.reset();
    doors_.reset();
    node_.reset();
    LogInfo("stopped");
    FlushLogs();
    return refused_.has_value() ? Refuse(*refused_) : 0;
  }

 private:
  static int Refuse(const absl::Status& status) {
    LogError("cannot start", {{"why", status.message()}});
    FlushLogs();
    std::fprintf(stderr, "rookeryd: %s\n", std::string(status.message()).c_str());
    return 1;
  }

  absl::Status OpenEdges() {
    const std::string checkpoints = absl::StrCat(config_.data_dir, "/checkpoints");
    const absl::Status made = MakeDirectoriesDurably(RealDisk(), checkpoints);
    if (!made.ok()) return absl::Status(made.code(), absl::StrCat("dataDir: ", made.message()));
    // The log first: its lock keeps a second process off the directory.
    ROOKERY_ASSIGN_OR_RETURN(
        log_, consensus::OpenRocksLogStore({.directory = LogDirectory(),
                                            .sync = config_.force_sync,
                                            .memtable_bytes = memory_plan_.log_memtable}));
    RemoveOldCheckpoints(checkpoints);
    ROOKERY_ASSIGN_OR_RETURN(files_, OpenFileStore(config_.data_dir));
    checkpoints_ = consensus::OpenCheckpointFiles(checkpoints);
    log_thread_ = StartThread("log");
    load_thread_ = StartThread("load");
    flush_thread_ = StartThread("flush");
    transfer_thread_ = StartThread("transfer");
    scan_thread_ = StartThread("scan");
    return absl::OkStatus();
  }

  std::string LogDirectory() const { return absl::StrCat(config_.data_log_dir, "/log"); }

  NodeOptions MakeNodeOptions() const {
    NodeOptions options;
    options.server_number = config_.server_number;
    options.servers = config_.servers;
    for (consensus::ServerLine& line : options.servers) {
      if (line.number == config_.server_number && line.client_address.empty()) {
        line.client_address = absl::StrCat(config_.client.port);
      }
    }
    options.quorum_listen_address = config_.quorum_listen_address;
    options.log_directory = LogDirectory();
    options.seed = SeedFromSystem();
    options.version = version_;
    options.rescan_period_us = int64_t{1'000'000} * config_.verify_period_s;
    ApplyMemoryPlan(memory_plan_, &options);
    options.store.hash_seed = SeedFromSystem();
    options.service.min_session_timeout_ms = config_.min_session_timeout_ms;
    options.service.disconnect_grace_us = int64_t{1000} * config_.disconnect_grace_ms;
    options.service.containers = {
        .check_interval_us = int64_t{1000} * config_.container_check_interval_ms,
        .per_minute_max = config_.containers_per_minute_max,
        .never_used_ms = config_.container_never_used_ms};
    options.service.sync_limit_us = int64_t{1000} * config_.sync_limit_ticks * config_.tick_time_ms;
    if (config_.preload_kafka) options.service.preload_paths = kafka::PreloadPaths();
    return options;
  }

  NodeEdges MakeNodeEdges() {
    NodeEdges edges;
    edges.core = &core_;
    edges.network = &core_;
    edges.clock = &SystemClock();
    edges.secrets = &SystemSecrets();
    edges.log_thread = log_thread_.get();
    edges.load_thread = load_thread_.get();
    edges.flush_thread = flush_thread_.get();
    edges.transfer_thread = transfer_thread_.get();
    edges.scan_thread = scan_thread_.get();
    edges.files = files_.get();
    if (config_.grpc.enabled) edges.changes = &journal_;
    edges.log = log_.get();
    edges.checkpoints = checkpoints_.get();
    edges.open_base = [this](const std::string& state_name) {
      return store::OpenRocksBase({.data_dir = config_.data_dir,
                                   .state_name = state_name,
                                   .block_cache_bytes = memory_plan_.state_block_cache});
    };
    return edges;
  }

  void Begin() {
    RefreshPrefix();
    const absl::Status status =
        node_->Start({.on_service = [this](service::ServerService* service) { OnService(service); },
                      .on_state = [this] { OnState(); },
                      .on_fatal = [](absl::Status why) { EndProcess(why.message()); }});
    if (!status.ok()) {
      refused_ = status;
      core_.Stop();
    }
  }

  void OnService(service::ServerService* service) {
    const absl::Status status = doors_->Open(service);
    if (status.ok()) return;
    refused_ = status;
    core_.Stop();
  }

  // An election reads in the log like ZooKeeper's.
  void OnState() {
    RefreshPrefix();
    const service::EnsembleStatus status = node_->Status();
    if (status.state == logged_state_ && status.leader == logged_leader_ &&
        status.term == logged_term_) {
      return;
    }
    const uint32_t before = std::exchange(logged_leader_, status.leader);
    logged_state_ = status.state;
    logged_term_ = status.term;
    if (status.state == service::ServerState::kLooking) {
      if (looking_since_us_ == 0) looking_since_us_ = SystemClock().NowUs();
      LogInfo("LOOKING", {{"lost", before}, {"term", status.term}});
    } else if (looking_since_us_ == 0) {
      LogInfo(StateName(status.state), {{"leader", status.leader}, {"term", status.term}});
    } else {
      LogInfo(
          StateName(status.state),
          {{"leader", status.leader},
           {"term", status.term},
           {"election_ms", (SystemClock().NowUs() - std::exchange(looking_since_us_, 0)) / 1000}});
    }
  }

  static absl::string_view StateName(service::ServerState state) {
    switch (state) {
      case service::ServerState::kLooking:
        return "LOOKING";
      case service::ServerState::kFollowing:
        return "FOLLOWING";
      case service::ServerState::kLeading:
        return "LEADING";
      case service::ServerState::kObserving:
        return "OBSERVING";
    }
    return "LOOKING";
  }

  void RefreshPrefix() {
    core_.Cancel(prefix_timer_);
    const machine::Machine* machine = node_->machine();
    const service::ServerState state =
        node_->consensus() == nullptr ? service::ServerState::kLooking : node_->Status().state;
    SetLogPrefix(absl::StrCat("[myid:", config_.server_number, "] [state:", StateName(state),
                              "] [epoch:", machine == nullptr ? 0 : machine->epoch(), "] [zxid:",
                              model::ToHex(machine == nullptr ? 0 : machine->last_zxid()), "]"));
    if (node_->service() != nullptr) doors_->SetServing(node_->service()->Serving());
    prefix_timer_ = core_.RunAfter(kPrefixUs, [this] { RefreshPrefix(); });
  }

  void Shutdown(int signal) {
    LogInfo("shutting down", {{"signal", signal}});
    core_.RunAfter(kShutdownMaxUs, [this] { core_.Stop(); });
    doors_->StopListening();
    // gRPC's end waits for its calls, which need the core.
    grpc_end_ = std::thread([this] {
      doors_->CloseGrpc();
      core_.Post([this] { node_->Stop([this] { core_.Stop(); }); });
    });
  }

  const config::Config& config_;
  const std::string version_;
  const MemoryPlan memory_plan_;
  kafka::MetadataJournal journal_;  // core executor only
  AsioCore core_;
  std::unique_ptr<consensus::LogStore> log_;
  std::unique_ptr<FileStore> files_;
  std::unique_ptr<consensus::CheckpointFiles> checkpoints_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<Doors> doors_;
  // Threads: after what they work on, so that they end before it.
  std::unique_ptr<BackgroundExecutor> log_thread_, load_thread_, flush_thread_, transfer_thread_,
      scan_thread_;
  std::thread grpc_end_;
  std::optional<absl::Status> refused_;
  TimerId prefix_timer_ = 0;
  service::ServerState logged_state_ = service::ServerState::kLooking;
  uint32_t logged_leader_ = 0;
  uint64_t logged_term_ = 0;
  int64_t looking_since_us_ = 0;  // 0: a leader is known
};

}  // namespace

int RunServer(const config::Config& config, const std::string& version) {
  StartLogging(LevelOf(config.log_level));
  LogInfo("rookeryd starts", {{"version", version}, {"config", config.file}});
  for (const std::string& warning : config.warnings) LogWarn(warning);
  return Server(config, version).Run();
}

}  // namespace rookery
