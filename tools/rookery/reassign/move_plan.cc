#include "tools/rookery/reassign/move_plan.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery::tools::reassign {
namespace {

using kafka::Replicas;
using kafka::TopicPartition;
using metadata::Cluster;

bool Contains(const Replicas& replicas, int32_t broker) {
  return std::find(replicas.begin(), replicas.end(), broker) != replicas.end();
}

// The assignment while a plan grows, and what every broker holds of it.
class Draft {
 public:
  explicit Draft(const Cluster& cluster) : cluster_(cluster) {
    for (const auto& [broker, rack] : cluster.brokers) held_[broker] = 0;
    for (const auto& [name, topic] : cluster.topics) {
      if (topic.marked_for_deletion) continue;
      for (const auto& [number, replicas] : topic.assignment.partitions) {
        for (const int32_t replica : replicas) ++held_[replica];
        if (!replicas.empty()) ++preferred_[replicas.front()];
        if (topic.assignment.adding.contains(number) ||
            topic.assignment.removing.contains(number)) {
          continue;
        }
        before_[{name, number}] = replicas;
      }
    }
    now_ = before_;
  }

  const Moves& partitions() const { return now_; }
  size_t held(int32_t broker) const { return Of(held_, broker); }
  size_t preferred(int32_t broker) const { return Of(preferred_, broker); }

  // True if `to` may take the place of `from`: it holds nothing of the partition yet, and the
  // partition uses no fewer racks afterwards.
  bool MayReplace(const Replicas& replicas, int32_t from, int32_t to) const {
    if (Contains(replicas, to)) return false;
    Replicas after = replicas;
    std::replace(after.begin(), after.end(), from, to);
    return RacksOf(after) >= RacksOf(replicas);
  }
  size_t RacksAfter(const Replicas& replicas, int32_t from, int32_t to) const {
    Replicas after = replicas;
    std::replace(after.begin(), after.end(), from, to);
    return RacksOf(after);
  }

  void Replace(const TopicPartition& partition, int32_t from, int32_t to) {
    Replicas& replicas = now_[partition];
    if (replicas.front() == from) {
      --preferred_[from];
      ++preferred_[to];
    }
    std::replace(replicas.begin(), replicas.end(), from, to);
    --held_[from];
    ++held_[to];
  }
  // Another of the replicas becomes the preferred one; nothing is copied.
  void Prefer(const TopicPartition& partition, int32_t broker) {
    Replicas& replicas = now_[partition];
    --preferred_[replicas.front()];
    ++preferred_[broker];
    std::iter_swap(replicas.begin(), std::find(replicas.begin(), replicas.end(), broker));
  }

  Moves Changed() const {
    Moves moves;
    for (const auto& [partition, replicas] : now_) {
      if (replicas != before_.at(partition)) moves[partition] = replicas;
    }
    return moves;
  }

 private:
  static size_t Of(const std::map<int32_t, size_t>& counts, int32_t broker) {
    const auto found = counts.find(broker);
    return found == counts.end() ? 0 : found->second;
  }
  // A broker that is not registered or names no rack counts as a rack of its own.
  size_t RacksOf(const Replicas& replicas) const {
    std::set<std::string> racks;
    for (const int32_t replica : replicas) {
      const auto broker = cluster_.brokers.find(replica);
      racks.insert(broker != cluster_.brokers.end() && broker->second ? *broker->second
                                                                      : absl::StrCat("/", replica));
    }
    return racks.size();
  }

  const Cluster& cluster_;
  Moves before_, now_;
  std::map<int32_t, size_t> held_, preferred_;
};

// What a live broker holds once replicas are even: `low` or `high` of them.
struct Share {
  size_t low = 0, high = 0;
};
Share ShareOf(const Cluster& cluster, const Draft& draft) {
  if (cluster.brokers.empty()) return {};
  size_t all = 0;
  for (const auto& [broker, rack] : cluster.brokers) all += draft.held(broker);
  const size_t brokers = cluster.brokers.size();
  return {.low = all / brokers, .high = (all + brokers - 1) / brokers};
}

// Where a replica of `source` should go; none: it should stay. Only what is above its share gives
// and only what is below it takes, so no replica is moved twice.
std::optional<int32_t> Target(const Draft& draft, const Share& share,
                              const std::set<int32_t>& targets, const Replicas& replicas,
                              int32_t source) {
  std::optional<int32_t> best;
  for (const int32_t target : targets) {
    const bool evens = (draft.held(source) > share.high && draft.held(target) < share.high) ||
                       (draft.held(source) > share.low && draft.held(target) < share.low);
    if (!evens || !draft.MayReplace(replicas, source, target)) continue;
    if (!best || draft.held(target) < draft.held(*best)) best = target;
  }
  return best;
}

// Moves replicas from `sources` to `targets` until nothing is gained. Those that do not lead go
// first: a preferred leader goes only where leaders are missing, or where nothing else is left.
void Spread(const Cluster& cluster, const std::set<int32_t>& sources,
            const std::set<int32_t>& targets, Draft& draft) {
  const Share share = ShareOf(cluster, draft);
  std::vector<TopicPartition> names;
  for (const auto& [partition, replicas] : draft.partitions()) names.push_back(partition);
  for (const bool leaders_too : {false, true}) {
    for (const TopicPartition& name : names) {
      const Replicas replicas = draft.partitions().at(name);
      for (const int32_t source : replicas) {
        if (!sources.contains(source)) continue;
        const auto target = Target(draft, share, targets, draft.partitions().at(name), source);
        if (!target) continue;
        const bool leads = draft.partitions().at(name).front() == source;
        if (leads && !leaders_too && draft.preferred(source) <= draft.preferred(*target) + 1) {
          continue;
        }
        draft.Replace(name, source, *target);
      }
    }
  }
}

// Gives partitions another preferred leader until no two brokers of one differ by more than one.
void PreferEvenly(Draft& draft) {
  const Moves partitions = draft.partitions();
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [partition, before] : partitions) {
      const Replicas replicas = draft.partitions().at(partition);
      const auto fewest = std::min_element(
          replicas.begin(), replicas.end(),
          [&](int32_t a, int32_t b) { return draft.preferred(a) < draft.preferred(b); });
      if (draft.preferred(replicas.front()) < draft.preferred(*fewest) + 2) continue;
      draft.Prefer(partition, *fewest);
      changed = true;
    }
  }
}

std::set<int32_t> LiveBrokers(const Cluster& cluster) {
  std::set<int32_t> live;
  for (const auto& [broker, rack] : cluster.brokers) live.insert(broker);
  return live;
}

}  // namespace

absl::StatusOr<Moves> PlanDrain(const Cluster& cluster, const std::set<int32_t>& brokers) {
  Draft draft(cluster);
  const Moves partitions = draft.partitions();
  for (const auto& [partition, before] : partitions) {
    for (const int32_t replica : before) {
      if (!brokers.contains(replica)) continue;
      const Replicas& replicas = draft.partitions().at(partition);
      std::optional<int32_t> best;
      const auto rank = [&](int32_t broker) {
        // The more racks the better, then the fewer replicas.
        return std::pair(-static_cast<int64_t>(draft.RacksAfter(replicas, replica, broker)),
                         draft.held(broker));
      };
      for (const auto& [broker, rack] : cluster.brokers) {
        if (brokers.contains(broker) || Contains(replicas, broker)) continue;
        if (!best || rank(broker) < rank(*best)) best = broker;
      }
      if (!best) {
        return absl::FailedPreconditionError(
            absl::StrCat("the replica of ", partition.first, "-", partition.second, " on broker ",
                         replica, " has nowhere to go: every other live broker holds one already"));
      }
      draft.Replace(partition, replica, *best);
    }
  }
  return draft.Changed();
}

absl::StatusOr<Moves> PlanAdd(const Cluster& cluster, const std::set<int32_t>& brokers) {
  for (const int32_t broker : brokers) {
    if (cluster.IsLive(broker)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("broker ", broker, " is not registered: start it first"));
  }
  std::set<int32_t> old = LiveBrokers(cluster);
  for (const int32_t broker : brokers) old.erase(broker);
  Draft draft(cluster);
  Spread(cluster, old, brokers, draft);
  return draft.Changed();
}

Moves PlanBalance(const Cluster& cluster) {
  Draft draft(cluster);
  const std::set<int32_t> live = LiveBrokers(cluster);
  Spread(cluster, live, live, draft);
  PreferEvenly(draft);
  return draft.Changed();
}

size_t CopiedReplicas(const Cluster& cluster, const Moves& moves) {
  size_t copied = 0;
  for (const auto& [partition, before] : Present(cluster, moves)) {
    for (const int32_t replica : moves.at(partition)) copied += Contains(before, replica) ? 0 : 1;
  }
  return copied;
}

Moves Present(const Cluster& cluster, const Moves& moves) {
  Moves present;
  for (const auto& [partition, replicas] : moves) {
    const auto topic = cluster.topics.find(partition.first);
    if (topic == cluster.topics.end()) continue;
    const auto& partitions = topic->second.assignment.partitions;
    if (const auto found = partitions.find(partition.second); found != partitions.end()) {
      present[partition] = found->second;
    }
  }
  return present;
}

}  // namespace rookery::tools::reassign
