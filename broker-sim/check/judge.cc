#include "broker-sim/check/judge.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/model/ids.h"

namespace rookery::broker_sim {

void Judge::OnElected(int32_t broker, int32_t epoch, int64_t zxid) {
  const auto [winner, is_new] = winners_.emplace(epoch, broker);
  if (!is_new && winner->second != broker) {
    two_controllers_.push_back(absl::StrCat("brokers ", winner->second, " and ", broker,
                                            " both hold controller epoch ", epoch));
  }
  elections_.emplace(epoch, zxid);
}

void Judge::OnControllerEpoch(int32_t epoch, int64_t mzxid) {
  const auto [election, is_new] = elections_.emplace(epoch, mzxid);
  if (!is_new && election->second != mzxid) {
    two_controllers_.push_back(absl::StrCat("controller epoch ", epoch, " was written twice, at ",
                                            model::ToHex(election->second), " and ",
                                            model::ToHex(mzxid)));
  }
  next_->OnControllerEpoch(epoch, mzxid);
}

void Judge::OnTopic(const std::string& topic, bool exists) {
  std::erase_if(leader_epochs_, [&](const auto& entry) { return entry.first.first == topic; });
  next_->OnTopic(topic, exists);
}

void Judge::OnState(const std::string& topic, int32_t partition,
                    const std::optional<kafka::PartitionState>& before,
                    const kafka::PartitionState& state, int64_t mzxid) {
  ++states_;
  const std::string what = absl::StrCat(topic, "-", partition);
  writes_.push_back({what, state.controller_epoch, mzxid});
  const auto& isr = state.isr;
  if (state.leader >= 0 && std::find(isr.begin(), isr.end(), state.leader) == isr.end()) {
    leader_not_in_sync_.push_back(absl::StrCat(what, " is led by ", state.leader,
                                               ", but in sync are ", absl::StrJoin(isr, ",")));
  }
  int32_t& epoch = leader_epochs_[{topic, partition}];
  if (state.leader_epoch < epoch) {
    epoch_went_back_.push_back(
        absl::StrCat(what, " went from leader epoch ", epoch, " to ", state.leader_epoch));
  }
  epoch = std::max(epoch, state.leader_epoch);
  next_->OnState(topic, partition, before, state, mzxid);
}

void Judge::OnUnreadable(const std::string& path, const absl::Status& why) {
  unreadable_.push_back(absl::StrCat(path, ": ", why.message()));
  next_->OnUnreadable(path, why);
}

std::vector<Judge::Rule> Judge::Rules() const {
  std::vector<std::string> fenced;
  for (const Write& write : writes_) {
    const auto later = elections_.upper_bound(write.epoch);
    if (later == elections_.end() || later->second > write.zxid) continue;
    fenced.push_back(absl::StrCat(write.what, " was written under controller epoch ", write.epoch,
                                  " at ", model::ToHex(write.zxid), ", after epoch ", later->first,
                                  " began at ", model::ToHex(later->second)));
  }
  const auto epochs = static_cast<int64_t>(elections_.size());
  return {{"one controller per epoch", two_controllers_, epochs},
          {"no write by a fenced controller", std::move(fenced), states_},
          {"every leader is in sync", leader_not_in_sync_, states_},
          {"leader epochs only grow", epoch_went_back_, states_},
          {"all metadata can be read", unreadable_, states_}};
}

}  // namespace rookery::broker_sim
