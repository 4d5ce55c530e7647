#include "coordinator/consensus/raft/engine.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/fatal.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/manifest.h"
#include "coordinator/consensus/raft/raft_consensus.h"

namespace rookery::consensus {
namespace {

std::vector<EngineId> Ids(const uint64_t* ids, uint8_t count) { return {ids, ids + count}; }

uint8_t PutIds(const std::vector<EngineId>& from, uint64_t* to) {
  ROOKERY_CHECK(from.size() <= RC_MAX_PEERS) << from.size() << " members are too many";
  std::copy(from.begin(), from.end(), to);
  return static_cast<uint8_t>(from.size());
}

// The engine's own lines, one per change of its state: the best record of an incident.
void OnEngineLog(void*, uint32_t level, const char* text, size_t size) {
  constexpr uint32_t kWarning = 3;
  const absl::string_view line(text, size);
  Log(level <= kWarning ? LogLevel::kWarn : LogLevel::kDebug, absl::StrCat("raft: ", line));
}

}  // namespace

Configuration FromEngine(const rc_conf& conf) {
  return {.voters = Ids(conf.voters, conf.n_voters),
          .outgoing = Ids(conf.outgoing, conf.n_outgoing),
          .learners = Ids(conf.learners, conf.n_learners),
          .learners_next = Ids(conf.learners_next, conf.n_learners_next),
          .auto_leave = conf.auto_leave != 0};
}

rc_conf ToEngine(const Configuration& configuration) {
  rc_conf conf{};
  conf.n_voters = PutIds(configuration.voters, conf.voters);
  conf.n_outgoing = PutIds(configuration.outgoing, conf.outgoing);
  conf.n_learners = PutIds(configuration.learners, conf.learners);
  conf.n_learners_next = PutIds(configuration.learners_next, conf.learners_next);
  conf.auto_leave = configuration.auto_leave ? 1 : 0;
  return conf;
}

Role RoleOf(uint32_t engine_role) {
  switch (engine_role) {
    case RC_LEADER:
      return Role::kLeader;
    case RC_CANDIDATE:
      return Role::kCandidate;
    case RC_PRE_CANDIDATE:
      return Role::kPreCandidate;
    default:
      return Role::kFollower;
  }
}

uint32_t MessageKind(absl::string_view bytes) {
  constexpr char kFirstField = 0x08;  // field 1, a varint; every kind that peers send fits a byte
  if (bytes.size() < 2 || bytes[0] != kFirstField) return 0;
  return static_cast<unsigned char>(bytes[1]);
}

absl::StatusOr<Manifest> ManifestOf(absl::string_view message) {
  std::vector<uint8_t> data(64u << 10);
  uint64_t index = 0, term = 0;
  size_t size = 0;
  const int code =
      rc_peek_snapshot(ViewOf(message), &index, &term, data.data(), data.size(), &size);
  if (code != RC_OK) return absl::InvalidArgumentError("expected an offer of a checkpoint");
  ROOKERY_ASSIGN_OR_RETURN(Manifest manifest, DecodeManifest(absl::string_view(
                                                  reinterpret_cast<char*>(data.data()), size)));
  if (manifest.index != index || manifest.term != term || manifest.name.empty()) {
    return absl::InvalidArgumentError("the offered checkpoint is not the one that was described");
  }
  return manifest;
}

Engine::Engine(const EngineOptions& options, const EngineBoot& boot, Executor* core) : core_(core) {
  rc_config config{};
  config.id = options.id;
  config.election_tick = options.election_ticks;
  config.heartbeat_tick = options.heartbeat_ticks;
  config.max_size_per_msg = options.message_bytes_max;
  config.max_inflight_msgs = options.messages_in_flight_max;
  config.pre_vote = config.check_quorum = 1;
  config.max_uncommitted_size = options.uncommitted_bytes_max;
  config.max_committed_size_per_ready = options.committed_bytes_per_ready_max;
  config.seed = options.seed;
  config.log_level = 4;
  config.log = &OnEngineLog;

  std::vector<rc_entry> entries;
  for (const LogRecord& record : *boot.records) {
    entries.push_back({.term = record.term,
                       .index = record.index,
                       .kind = record.kind,
                       .data = ViewOf(record.data),
                       .context = ViewOf(record.context)});
  }
  rc_boot rc{};
  rc.conf = ToEngine(boot.configuration);
  rc.applied = boot.applied;
  std::string manifest;
  if (boot.checkpoint.has_value()) {
    manifest = EncodeManifest(*boot.checkpoint);
    rc.snapshot = {.index = boot.checkpoint->index,
                   .term = boot.checkpoint->term,
                   .conf = ToEngine(boot.checkpoint->configuration),
                   .data = ViewOf(manifest)};
  } else {
    rc.snapshot = {.index = boot.applied, .term = boot.applied_term, .conf = rc.conf};
  }
  rc.entries = entries.data();
  rc.n_entries = entries.size();
  // R2: a commit index is written without a sync and may have been lost.
  rc.hard_state = {boot.hard_state.term, boot.hard_state.vote,
                   std::max(boot.hard_state.commit, boot.applied)};
  char error[512] = "";
  const int code = rc_create(&config, &rc, &node_, error, sizeof error);
  if (code != RC_OK) EndProcess(absl::StrCat("the consensus engine refuses to start: ", error));
}

Engine::~Engine() { rc_destroy(node_); }

void Engine::CheckThread() const {
  ROOKERY_CHECK(core_->IsCurrent()) << "the engine was called off the core executor";
}

int Engine::Judge(int code) {
  if (code != RC_PANIC) return code;
  const rc_bytes text = rc_last_error(node_);
  EndProcess(absl::StrCat("the consensus engine found a broken invariant: ", BytesOf(text)));
}

bool Engine::HasReady() { return Call(rc_has_ready) == 1; }

const rc_ready_t& Engine::Take() {
  ready_ = {};
  Call(rc_ready, &ready_);
  return ready_;
}

rc_status_t Engine::Status() const {
  CheckThread();
  rc_status_t status{};
  rc_status(node_, &status);
  return status;
}

std::vector<rc_progress_t> Engine::Progress() const {
  CheckThread();
  std::vector<rc_progress_t> rows(2 * RC_MAX_PEERS);
  rows.resize(std::min(rows.size(), rc_progress(node_, rows.data(), rows.size())));
  return rows;
}

}  // namespace rookery::consensus
