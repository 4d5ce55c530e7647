#include "broker-sim/replica/replica_manager.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rookery::broker_sim {

ReplicaManager::ReplicaManager(int32_t self, ReplicaOptions options, Disk* disk, Fabric* fabric,
                               Executor* executor, const Clock* clock, Timeline* timeline,
                               World world)
    : self_(self),
      options_(options),
      disk_(disk),
      fabric_(fabric),
      executor_(executor),
      clock_(clock),
      timeline_(timeline),
      world_(std::move(world)),
      appended_(executor),
      watermark_(executor),
      followed_(executor) {}

void ReplicaManager::Start() { scope_.Spawn(LookAfter()); }

void ReplicaManager::TakeLeadership(const std::vector<PartitionLeadership>& said) {
  for (const PartitionLeadership& one : said) {
    auto [found, is_new] = partitions_.try_emplace(one.id, self_, one.id, &disk_->logs[one.id]);
    LocalPartition& partition = found->second;
    if (!partition.Take(one, clock_->NowUs())) continue;
    lags_.erase(one.id);
    if (partition.leads()) {
      Rise(&partition);  // alone in sync, its whole log is committed
    } else if (one.state.leader >= 0 && fetching_from_.insert(one.state.leader).second) {
      scope_.Spawn(FetchFrom(one.state.leader));
    }
  }
  followed_.Notify();
  watermark_.Notify();
  appended_.Notify();
}

std::vector<PartitionId> ReplicaManager::StopReplicas(
    const std::vector<StopReplicaRequest::One>& stopped) {
  std::vector<PartitionId> removed;
  for (const StopReplicaRequest::One& one : stopped) {
    partitions_.erase(one.id);
    lags_.erase(one.id);
    if (!one.remove) continue;
    disk_->logs.erase(one.id);
    removed.push_back(one.id);
  }
  watermark_.Notify();
  return removed;
}

void ReplicaManager::Rise(LocalPartition* partition) {
  if (!partition->AdvanceWatermark(clock_->NowUs(), options_.lag_max_us)) return;
  watermark_.Notify();
  appended_.Notify();  // consumers read up to it
}

// Now and then: laggards leave, watermarks are written down.
Async<> ReplicaManager::LookAfter() {
  int64_t checkpointed_us = clock_->NowUs();
  while (true) {
    co_await Sleep(executor_, options_.lag_max_us / 2);
    const int64_t now_us = clock_->NowUs();
    for (auto& [id, partition] : partitions_) {
      if (auto isr = partition.Shrink(now_us, options_.lag_max_us)) {
        AskForIsr(id, *std::move(isr));
      }
    }
    if (now_us - checkpointed_us < options_.checkpoint_every_us) continue;
    checkpointed_us = now_us;
    for (auto& [id, partition] : partitions_) {
      partition.log().checkpointed_watermark = partition.watermark();
    }
  }
}

void ReplicaManager::AskForIsr(const PartitionId& id, kafka::Replicas isr) {
  partitions_.at(id).BeginChange(isr);
  scope_.Spawn(ChangeIsr(id, std::move(isr)));
}

Async<> ReplicaManager::ChangeIsr(PartitionId id, kafka::Replicas isr) {
  constexpr int64_t kRetryUs = 50'000;
  constexpr int64_t kAnswerWithinUs = 30'000'000;
  const auto epoch = [this, &id]() -> int32_t {
    const auto found = partitions_.find(id);
    const bool leads = found != partitions_.end() && found->second.leads();
    return leads ? found->second.state().leader_epoch : -1;
  };
  const int32_t begun_in = epoch();
  while (epoch() == begun_in && begun_in >= 0 && partitions_.at(id).changing()) {
    AlterPartitionRequest request;
    request.broker = self_;
    request.broker_epoch = world_.broker_epoch();
    request.id = id;
    request.leader_epoch = begun_in;
    request.version = partitions_.at(id).version();
    request.isr = isr;
    const auto response =
        co_await fabric_->Call(executor_, world_.controller(), std::move(request), kAnswerWithinUs);
    if (epoch() != begun_in) co_return;
    LocalPartition& partition = partitions_.at(id);
    const bool try_again = !response.has_value() || response->error == Error::kNotController ||
                           response->error == Error::kStaleBrokerEpoch;
    if (!try_again) {
      const size_t before = partition.state().isr.size();
      if (response->error == Error::kNone) {
        partition.TakeChange(response->now);
        if (partition.state().isr.size() < before) {
          timeline_->Tell({.name = "isr_shrunk",
                           .broker = self_,
                           .text = absl::StrCat(id.first, "-", id.second, ": in sync are ",
                                                absl::StrJoin(partition.state().isr, ","))});
        }
      } else {
        partition.EndChange();
      }
      Rise(&partition);
      watermark_.Notify();
      co_return;
    }
    co_await Sleep(executor_, kRetryUs);
  }
}

}  // namespace rookery::broker_sim
