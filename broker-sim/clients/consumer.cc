#include "broker-sim/clients/consumer.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::broker_sim {
namespace {

constexpr int64_t kRetryUs = 50'000;
constexpr int64_t kAnswerWithinUs = 3'000'000;
constexpr size_t kMistakesKept = 100;

}  // namespace

Consumer::Consumer(ConsumerSpec spec, const ClientWorld* world)
    : spec_(std::move(spec)), world_(world), route_(world, spec_.topic) {}

void Consumer::Start() { scope_.Spawn(Main()); }

bool Consumer::caught_up() const {
  if (positions_.empty()) return false;
  for (const auto& [partition, position] : positions_) {
    if (position.watermark < 0 || position.next < position.watermark) return false;
  }
  return true;
}

void Consumer::Mistake(std::string what) {
  if (mistakes_.size() < kMistakesKept) mistakes_.push_back(std::move(what));
}

Async<> Consumer::Main() {
  while (route_.partitions() == 0) {
    co_await route_.Refresh();
    if (route_.partitions() == 0) co_await Sleep(world_->executor, kRetryUs);
  }
  for (int32_t partition = 0; partition < static_cast<int32_t>(route_.partitions()); ++partition) {
    positions_[partition] = {};
    scope_.Spawn(Read(partition));
  }
}

Async<> Consumer::Read(int32_t partition) {
  const PartitionId id = {spec_.topic, partition};
  while (true) {
    FetchRequest request;
    request.user = spec_.user;
    request.client_id = spec_.client_id;
    request.host = spec_.host;
    request.partitions[id] = {.leader_epoch = -1, .offset = positions_[partition].next};
    const auto response = co_await world_->fabric->Call(
        world_->executor, route_.LeaderOf(partition), std::move(request), kAnswerWithinUs);
    const bool answered = response.has_value() && response->partitions.contains(id);
    if (!answered || response->partitions.at(id).error != Error::kNone) {
      // A new leader may not know yet how far the records are committed; it will.
      co_await Sleep(world_->executor, kRetryUs);
      co_await route_.Refresh();
      continue;
    }
    const FetchResponse::One& fetched = response->partitions.at(id);
    positions_[partition].watermark = fetched.high_watermark;
    TakeRecords(partition, fetched.records);
    if (response->throttle_ms > 0) {
      throttled_ms_ += response->throttle_ms;
      co_await Sleep(world_->executor, 1000 * response->throttle_ms);
    }
  }
}

void Consumer::TakeRecords(int32_t partition, const std::vector<Record>& records) {
  Position& position = positions_[partition];
  for (const Record& record : records) {
    const std::string where = absl::StrCat(spec_.topic, "-", partition, " at ", record.offset);
    if (record.offset != position.next) {
      Mistake(absl::StrCat(where, ": expected offset ", position.next));
    }
    position.next = record.offset + 1;
    if (record.checksum != ChecksumOf(record.producer_id, partition, record.sequence)) {
      Mistake(absl::StrCat(where, ": the checksum is not that of what was sent"));
    }
    const auto [last, first_of_producer] =
        last_sequence_.try_emplace({record.producer_id, partition}, record.sequence);
    if (!first_of_producer) {
      if (record.sequence <= last->second) {
        Mistake(absl::StrCat(where, ": record ", record.sequence, " of producer ",
                             record.producer_id, " came again"));
      }
      last->second = record.sequence;
    }
    ++consumed_;
    records_[partition].push_back(record);
  }
}

}  // namespace rookery::broker_sim
