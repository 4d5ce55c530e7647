#include "broker-sim/clients/route.h"

namespace rookery::broker_sim {

int32_t Route::AnyBroker() { return world_->bootstrap[next_++ % world_->bootstrap.size()]; }

Async<> Route::Refresh() {
  constexpr int64_t kAnswerWithinUs = 500'000;
  MetadataRequest request = {.topic = topic_};
  const auto response = co_await world_->fabric->Call(world_->executor, AnyBroker(),
                                                      std::move(request), kAnswerWithinUs);
  if (!response.has_value()) co_return;
  for (const auto& [partition, said] : response->partitions) {
    MetadataResponse::One& known = leaders_[partition];
    // A broker that lags behind says what was.
    if (said.leader_epoch >= known.leader_epoch) known = said;
  }
}

int32_t Route::LeaderOf(int32_t partition) const {
  const auto known = leaders_.find(partition);
  return known == leaders_.end() ? -1 : known->second.leader;
}

int32_t Route::EpochOf(int32_t partition) const {
  const auto known = leaders_.find(partition);
  return known == leaders_.end() ? -1 : known->second.leader_epoch;
}

}  // namespace rookery::broker_sim
