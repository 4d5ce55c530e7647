// Brokers that come, go and bounce: kafka-on-zookeeper 3.4, and the elections of 3.5 and 3.6.
#include <algorithm>

#include "absl/strings/str_join.h"
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

using model::ErrorCode;

Async<> Controller::OnBrokersChanged() {
  if (!active_) co_return;
  const std::map<int32_t, int64_t> before = live_;
  co_await ReadBrokers();
  std::vector<int32_t> dead, fresh;
  for (const auto& [id, epoch] : before) {
    if (!live_.contains(id)) dead.push_back(id);
  }
  for (const auto& [id, epoch] : live_) {
    const auto known = before.find(id);
    if (known == before.end() || known->second < epoch) fresh.push_back(id);  // new, or bounced
  }
  for (const int32_t id : fresh) {
    timeline_->Tell({.name = "broker_joined",
                     .broker = broker_,
                     .text = absl::StrCat("broker ", id, " joined"),
                     .numbers = {{"id", id}, {"broker_epoch", live_[id]}}});
  }
  for (const int32_t id : dead) {
    timeline_->Tell({.name = "broker_dead",
                     .broker = broker_,
                     .text = absl::StrCat("broker ", id, " is gone"),
                     .numbers = {{"id", id}}});
  }
  if (!dead.empty() || !fresh.empty()) {
    co_await Repair(dead.empty() ? "broker joined" : "broker gone");
  }
}

Async<> Controller::Repair(std::string why) {
  const int64_t begun_us = clock_->NowUs();
  int64_t moved = 0, offline = 0;
  std::vector<Async<>> repairs;
  for (const auto& [id, partition] : partitions_) {
    if (partition.version >= 0) repairs.push_back(RepairPartition(id, &moved, &offline));
  }
  co_await RunAll(std::move(repairs));
  if (moved == 0 && offline == 0) co_return;
  const int64_t took_ms = (clock_->NowUs() - begun_us) / 1000;
  timeline_->Tell(
      {.name = "leaders_moved",
       .broker = broker_,
       .text = absl::StrCat(moved, " leaders moved in ", took_ms, " ms (", why, ")",
                            offline == 0 ? "" : absl::StrCat(", ", offline, " partitions offline")),
       .numbers = {{"moved", moved}, {"offline", offline}, {"took_ms", took_ms}}});
}

Async<> Controller::RepairPartition(PartitionId id, int64_t* moved, int64_t* offline) {
  const Partition partition = partitions_[id];
  kafka::PartitionState state = partition.state;
  const bool leader_gone = !IsLive(state.leader);
  kafka::Replicas isr;
  std::copy_if(state.isr.begin(), state.isr.end(), std::back_inserter(isr),
               [this](int32_t replica) { return IsLive(replica); });
  if (!leader_gone && isr.size() == state.isr.size()) co_return;
  if (leader_gone) {
    const auto leader =
        std::find_if(partition.replicas.begin(), partition.replicas.end(), [&isr](int32_t replica) {
          return std::find(isr.begin(), isr.end(), replica) != isr.end();
        });
    if (leader == partition.replicas.end()) {
      // Nobody in sync is alive. The last ISR is kept: its members may lead when they come back.
      ++*offline;
      if (state.leader == -1) co_return;
      state.leader = -1;
    } else {
      state.leader = *leader;
      state.isr = std::move(isr);
    }
  } else {
    state.isr = std::move(isr);
  }
  ++state.leader_epoch;
  if (co_await WriteState(id, state) && leader_gone && state.leader != -1) ++*moved;
}

Async<bool> Controller::WriteState(PartitionId id, kafka::PartitionState state) {
  if (!active_) co_return false;
  state.controller_epoch = epoch_;
  model::SetDataRequest set;
  set.path = kafka::PartitionStatePath(id.first, id.second);
  set.data = kafka::EncodePartitionState(state);
  set.version = partitions_[id].version;
  const auto result = co_await Fenced(std::move(set));
  if (!result.ok()) {
    if (active_ && result.error == ErrorCode::kBadVersion) co_await ReadState(id);
    co_return false;
  }
  Partition& partition = partitions_[id];
  partition.state = std::move(state);
  partition.version = std::get<model::StatReply>(result.value.parts[1].body).stat.version;
  co_return true;
}

Async<> Controller::ExpandIsr(int32_t broker) {
  if (!active_ || !IsLive(broker)) co_return;
  std::vector<PartitionId> behind;
  for (const auto& [id, partition] : partitions_) {
    const auto& replicas = partition.replicas;
    const auto& isr = partition.state.isr;
    const bool mine = std::find(replicas.begin(), replicas.end(), broker) != replicas.end();
    const bool in_sync = std::find(isr.begin(), isr.end(), broker) != isr.end();
    if (mine && !in_sync && IsLive(partition.state.leader)) behind.push_back(id);
  }
  int64_t expanded = 0;
  for (const PartitionId& id : behind) {
    kafka::PartitionState state = partitions_[id].state;
    state.isr.push_back(broker);  // the leader epoch stays: the leader asked for it
    if (co_await WriteState(id, std::move(state))) ++expanded;
  }
  if (expanded == 0) co_return;
  timeline_->Tell(
      {.name = "isr_expanded",
       .broker = broker_,
       .text = absl::StrCat("broker ", broker, " is in sync again for ", expanded, " partitions"),
       .numbers = {{"id", broker}, {"partitions", expanded}}});
}

}  // namespace rookery::broker_sim
