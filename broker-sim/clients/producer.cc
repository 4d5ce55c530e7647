#include "broker-sim/clients/producer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::broker_sim {
namespace {

constexpr int64_t kTickUs = 20'000;
constexpr int64_t kRetryUs = 50'000;             // retry.backoff.ms, shorter
constexpr int64_t kAnswerWithinUs = 10'000'000;  // request.timeout.ms, shorter
constexpr int32_t kBatchBytesMax = 16'384;       // batch.size
constexpr int64_t kWaitingMax = 5'000;           // records of a partition: buffer.memory

}  // namespace

Producer::Producer(ProducerSpec spec, const ClientWorld* world, Timeline* timeline)
    : spec_(std::move(spec)), world_(world), timeline_(timeline), route_(world, spec_.topic) {}

void Producer::Start() { scope_.Spawn(Main()); }

// Records become due at the rate, dealt out to the partitions in turn.
Async<> Producer::Main() {
  while (route_.partitions() == 0) {
    co_await route_.Refresh();
    if (route_.partitions() == 0) co_await Sleep(world_->executor, kRetryUs);
  }
  const auto partitions = static_cast<int32_t>(route_.partitions());
  const int64_t begun_us = world_->clock->NowUs();
  const int64_t batch_max = std::max<int64_t>(1, kBatchBytesMax / spec_.record_bytes);
  // Of different length for each, so that they do not march in step.
  int64_t tick_us = kTickUs;
  for (const char c : spec_.name) tick_us += 37 * (c % 16);
  int64_t dealt = 0;
  while (!finishing_) {
    const int64_t now_us = world_->clock->NowUs();
    const int64_t due = (now_us - begun_us) * spec_.records_per_s / 1'000'000;
    for (; dealt < due; ++dealt) {
      Lane& lane = lanes_[static_cast<int32_t>(dealt % partitions)];
      lane.due = std::min(lane.due + 1, kWaitingMax);
    }
    for (auto& [partition, lane] : lanes_) {
      if (lane.due == 0 || lane.sending) continue;
      const auto count = static_cast<int32_t>(std::min(lane.due, batch_max));
      lane.due -= count;
      lane.sending = true;
      ++under_way_;
      sent_ += count;
      scope_.Spawn(Send(partition, count));
    }
    co_await Sleep(world_->executor, tick_us);
  }
}

Async<bool> Producer::TakeId(Lane* lane) {
  InitProducerIdRequest request;
  const auto response = co_await world_->fabric->Call(world_->executor, route_.AnyBroker(),
                                                      std::move(request), kAnswerWithinUs);
  if (!response.has_value() || response->error != Error::kNone) co_return false;
  lane->producer_id = response->producer_id;
  lane->next_sequence = 0;
  co_return true;
}

Async<> Producer::Send(int32_t partition, int32_t count) {
  Lane* lane = &lanes_[partition];
  std::vector<Record> batch;
  while (true) {
    if (lane->producer_id < 0) {
      const bool taken = co_await TakeId(lane);
      if (!taken) {
        co_await Sleep(world_->executor, kRetryUs);
        continue;
      }
    }
    if (batch.empty()) {
      for (int32_t i = 0; i < count; ++i) {
        const int32_t sequence = lane->next_sequence + i;
        batch.push_back({.sequence = sequence,
                         .producer_id = lane->producer_id,
                         .checksum = ChecksumOf(lane->producer_id, partition, sequence),
                         .bytes = spec_.record_bytes});
      }
    }
    ProduceRequest request;
    request.user = spec_.user;
    request.client_id = spec_.client_id;
    request.host = spec_.host;
    request.new_connection = spec_.connects_anew;
    request.id = {spec_.topic, partition};
    request.acks_all = spec_.acks_all;
    request.records = batch;
    const auto response = co_await world_->fabric->Call(
        world_->executor, route_.LeaderOf(partition), std::move(request), kAnswerWithinUs);
    const Error error = response.has_value() ? response->error : Error::kRequestTimedOut;
    if (response.has_value()) throttled_ms_ += response->throttle_ms;  // the broker mutes it
    if (error == Error::kNone) {
      for (const Record& record : batch) {
        acknowledged_.push_back({partition,
                                 response->base_offset + record.sequence - batch.front().sequence,
                                 record.producer_id, record.sequence, record.checksum});
      }
      break;
    }
    if (error == Error::kTopicAuthorizationFailed) {
      refused_ += count;
      if (!std::exchange(refusal_told_, true)) {
        timeline_->Tell({.name = "producer_refused",
                         .text = absl::StrCat("producer ", spec_.name, " (user ", spec_.user,
                                              ") may not write to ", spec_.topic, " any more")});
      }
      lane->sending = false;
      --under_way_;
      co_return;  // its sequence numbers were not used
    }
    if (error == Error::kOutOfOrderSequence) {
      // What was acknowledged before is missing there: Kafka's producer begins a new epoch.
      lane->producer_id = -1;
      batch.clear();
      continue;
    }
    co_await Sleep(world_->executor, kRetryUs);
    co_await route_.Refresh();
  }
  lane->next_sequence += count;
  refusal_told_ = false;
  lane->sending = false;
  --under_way_;
}

}  // namespace rookery::broker_sim
