#include "tests/sim/tuning.h"

#include "absl/strings/str_cat.h"
#include "coordinator/kafka/preload.h"

namespace rookery::sim {
namespace {

// One of the values, each as likely.
template <typename Value, size_t kCount>
Value OneOf(Random* random, const Value (&values)[kCount]) {
  return values[random->Below(kCount)];
}

void DrawStore(Random* random, store::StoreOptions* store) {
  store->memory_budget_bytes = OneOf<uint64_t>(random, {16 << 10, 64 << 10, 256 << 10, 4 << 20});
  store->absence_filter_bytes_max = OneOf<uint64_t>(random, {0, 4 << 10, 64 << 10});
  store->flush_bytes = OneOf<uint64_t>(random, {2 << 10, 8 << 10, 32 << 10});
  store->flush_log_bytes = OneOf<uint64_t>(random, {4 << 10, 16 << 10, 64 << 10});
  store->flush_interval_ms = OneOf<int64_t>(random, {100, 500, 3'000});
  store->unflushed_bytes_max = store->flush_bytes * OneOf<uint64_t>(random, {2, 4, 16});
  store->frozen_layers_max = OneOf<uint32_t>(random, {1, 2, 8});
  store->level0_files_slow = OneOf<uint64_t>(random, {2, 4, 16});
  store->level0_files_max = store->level0_files_slow + OneOf<uint64_t>(random, {2, 8, 24});
}

void DrawService(Random* random, service::Options* service) {
  service->min_session_timeout_ms = 2'000;
  service->sync_limit_us = OneOf<int64_t>(random, {1'000'000, 2'000'000, 10'000'000});
  service->resend_timeout_us = OneOf<int64_t>(random, {200'000, 1'000'000});
  service->requests_per_turn = OneOf<int>(random, {1, 4, 256});
  service->load_ahead_bytes = OneOf<size_t>(random, {1, 4 << 10, 1 << 20});
  service->checkpoint_log_bytes = OneOf<uint64_t>(random, {8 << 10, 32 << 10, 256 << 10});
  service->checkpoints_kept = OneOf<size_t>(random, {1, 2});
}

void DrawRaft(Random* random, consensus::RaftOptions* raft) {
  raft->message_bytes_max = OneOf<uint64_t>(random, {1 << 10, 16 << 10, 1 << 20});
  raft->messages_in_flight_max = OneOf<uint32_t>(random, {4, 256});
  // The engine wants it above a message.
  raft->uncommitted_bytes_max =
      2 * raft->message_bytes_max + OneOf<uint64_t>(random, {32 << 10, 64 << 20});
  raft->committed_bytes_per_ready_max = OneOf<uint64_t>(random, {1 << 10, 8 << 20});
  raft->apply_backlog_bytes_max = OneOf<uint64_t>(random, {16 << 10, 64 << 20});
  raft->tail_entries = OneOf<uint64_t>(random, {5, 50, 400});
  raft->snapshot_timeout_us = OneOf<int64_t>(random, {3'000'000, 60'000'000});
  raft->caught_up_entries_max = OneOf<uint64_t>(random, {20, 1'000});
}

}  // namespace

Tuning DrawTuning(Random* random) {
  Tuning tuning;
  // As installed, in a few runs.
  if (!random->Chance(0.1)) {
    DrawStore(random, &tuning.store);
    DrawService(random, &tuning.service);
    DrawRaft(random, &tuning.raft);
  }
  tuning.service.min_session_timeout_ms = 2'000;
  tuning.preload = random->Chance(0.5);
  if (tuning.preload) tuning.service.preload_paths = kafka::PreloadPaths();
  tuning.rescan_period_us = OneOf<int64_t>(random, {2'000'000, 6'000'000, 15'000'000});
  tuning.compaction_us = OneOf<int64_t>(random, {20'000, 200'000, 1'000'000});
  tuning.disk_work_us = OneOf<int64_t>(random, {30, 200, 2'000});
  tuning.disk_jitter_us = OneOf<int64_t>(random, {50, 1'000, 8'000});
  tuning.latency_least_us = OneOf<int64_t>(random, {40, 60, 500});
  tuning.latency_most_us = tuning.latency_least_us + OneOf<int64_t>(random, {50, 500, 5'000});
  tuning.read_us = OneOf<int64_t>(random, {0, 0, 2'000, 30'000});
  tuning.late_most_us = OneOf<int64_t>(random, {0, 500, 10'000});
  tuning.library_nodes = OneOf<uint32_t>(random, {0, 0, 40, 100});
  tuning.visits_us = OneOf<int64_t>(random, {0, 1'000'000, 4'000'000});
  tuning.crowds = random->Chance(0.6);
  return tuning;
}

int64_t DrawGraceUs(uint64_t seed) {
  Random random(seed * 0x9e3779b97f4a7c15u + 2);
  if (!random.Chance(0.35)) return 0;
  return OneOf<int64_t>(&random, {2'500'000, 2'500'000, 3'500'000});
}

int64_t DrawContainerCheckUs(uint64_t seed) {
  Random random(seed * 0x9e3779b97f4a7c15u + 3);
  if (!random.Chance(0.35)) return 0;
  return OneOf<int64_t>(&random, {100'000, 1'000'000, 5'000'000});
}

std::string ToText(const Tuning& tuning) {
  return absl::StrCat(
      "flush ", tuning.store.flush_bytes, " B, budget ", tuning.store.memory_budget_bytes,
      " B, layers ", tuning.store.frozen_layers_max, ", checkpoint ",
      tuning.service.checkpoint_log_bytes, " B, tail ", tuning.raft.tail_entries, ", disk ",
      tuning.disk_work_us, "+", tuning.disk_jitter_us, " us, latency ", tuning.latency_least_us,
      "-", tuning.latency_most_us, " us", tuning.preload ? ", preloaded" : "", ", cold reads ",
      tuning.read_us, " us, late ", tuning.late_most_us, " us, library ", tuning.library_nodes,
      ", visits ", tuning.visits_us / 1000, " ms", tuning.crowds ? ", crowds" : "",
      tuning.service.disconnect_grace_us == 0
          ? ""
          : absl::StrCat(", grace ", tuning.service.disconnect_grace_us / 1000, " ms"),
      tuning.containers
          ? absl::StrCat(", containers ", tuning.service.containers.check_interval_us / 1000, " ms")
          : "");
}

}  // namespace rookery::sim
