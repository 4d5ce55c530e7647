#include <algorithm>
#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/rookery/doctor/checks.h"

namespace rookery::tools::doctor {
namespace {

using kafka::PartitionState;
using kafka::Replicas;
using metadata::Cluster;
using metadata::Topic;

struct Partition {
  const Topic& topic;
  int32_t number;
  const Replicas& replicas;
  const PartitionState* state;  // null: not started yet
};

bool Contains(const Replicas& brokers, int32_t broker) {
  return std::find(brokers.begin(), brokers.end(), broker) != brokers.end();
}

std::string Name(const Partition& partition) {
  return absl::StrCat(partition.topic.name, "-", partition.number);
}

// Calls `look` for every partition that is to live on; its text becomes a subject unless empty.
std::vector<std::string> Look(const Cluster& cluster,
                              const std::function<std::string(const Partition&)>& look) {
  std::vector<std::string> subjects;
  for (const auto& [name, topic] : cluster.topics) {
    if (topic.marked_for_deletion) continue;
    for (const auto& [number, replicas] : topic.assignment.partitions) {
      const auto state = topic.states.find(number);
      std::string subject = look({.topic = topic,
                                  .number = number,
                                  .replicas = replicas,
                                  .state = state == topic.states.end() ? nullptr : &state->second});
      if (!subject.empty()) subjects.push_back(std::move(subject));
    }
  }
  return subjects;
}

bool HasLiveLeader(const Cluster& cluster, const Partition& partition) {
  return partition.state != nullptr && cluster.IsLive(partition.state->leader);
}

std::string ListOf(const Replicas& brokers) { return absl::StrJoin(brokers, ","); }

}  // namespace

Finding Leaderless(const Cluster& cluster) {
  return {.severity = Severity::kBroken,
          .name = "leaderless",
          .explanation = "partitions have no live leader: nobody can write or read them",
          .subjects = Look(cluster,
                           [&](const Partition& partition) -> std::string {
                             if (partition.state == nullptr || HasLiveLeader(cluster, partition)) {
                               return "";
                             }
                             return absl::StrCat(Name(partition), " (in sync ",
                                                 ListOf(partition.state->isr), ")");
                           }),
          .remedy =
              "start a broker that is in sync again; only if all of them are lost for good: "
              "rookery configs --alter --entity-type topics --entity-name TOPIC --add-config "
              "unclean.leader.election.enable=true, which loses records"};
}

Finding LeaderOutOfSync(const Cluster& cluster) {
  return {.severity = Severity::kBroken,
          .name = "leader-not-in-isr",
          .explanation =
              "leaders do not stand among the replicas in sync, or not among the "
              "replicas at all",
          .subjects = Look(cluster,
                           [&](const Partition& partition) -> std::string {
                             const PartitionState* state = partition.state;
                             if (state == nullptr || state->leader < 0) return "";
                             if (Contains(state->isr, state->leader) &&
                                 Contains(partition.replicas, state->leader)) {
                               return "";
                             }
                             return absl::StrCat(Name(partition), " (leader ", state->leader,
                                                 ", in sync ", ListOf(state->isr), ", replicas ",
                                                 ListOf(partition.replicas), ")");
                           }),
          .remedy =
              "somebody wrote this by hand: rookery delete /controller makes the next "
              "controller elect leaders anew"};
}

Finding UnderMinIsr(const Cluster& cluster) {
  return {.severity = Severity::kBroken,
          .name = "under-min-isr",
          .explanation =
              "fewer replicas are in sync than min.insync.replicas: writes with "
              "acks=all are refused",
          .subjects = Look(cluster,
                           [&](const Partition& partition) -> std::string {
                             if (!HasLiveLeader(cluster, partition)) return "";
                             const int32_t wanted = metadata::MinInsyncReplicas(partition.topic);
                             const auto there = static_cast<int32_t>(partition.state->isr.size());
                             if (there >= wanted) return "";
                             return absl::StrCat(Name(partition), " (", there, " of ", wanted, ")");
                           }),
          .remedy = "start the brokers that are missing: rookery brokers shows who is there"};
}

Finding UnderReplicated(const Cluster& cluster) {
  return {.severity = Severity::kAtRisk,
          .name = "under-replicated",
          .explanation = "not all replicas are in sync",
          .subjects = Look(cluster,
                           [&](const Partition& partition) -> std::string {
                             if (partition.state == nullptr) return "";
                             Replicas missing;
                             for (const int32_t replica : partition.replicas) {
                               if (!Contains(partition.state->isr, replica)) {
                                 missing.push_back(replica);
                               }
                             }
                             if (missing.empty() ||
                                 partition.topic.assignment.adding.contains(partition.number)) {
                               return "";
                             }
                             return absl::StrCat(Name(partition), " (without ", ListOf(missing),
                                                 ")");
                           }),
          .remedy =
              "start the brokers that are missing; if one never comes back: rookery reassign "
              "--plan drain --brokers ID"};
}

Finding SingleRack(const Cluster& cluster) {
  std::set<std::string> racks;
  for (const auto& [broker, rack] : cluster.brokers) racks.insert(rack.value_or(""));
  Finding finding{.severity = Severity::kAtRisk,
                  .name = "single-rack",
                  .explanation = "all replicas of these partitions stand in one rack",
                  .remedy = "rookery reassign --plan balance"};
  if (racks.size() < 2 || racks.contains("")) return finding;
  finding.subjects = Look(cluster, [&](const Partition& partition) -> std::string {
    std::set<std::string> used;
    for (const int32_t replica : partition.replicas) {
      const auto broker = cluster.brokers.find(replica);
      if (broker == cluster.brokers.end()) return "";  // nobody knows its rack
      used.insert(*broker->second);
    }
    if (partition.replicas.size() < 2 || used.size() > 1) return "";
    return absl::StrCat(Name(partition), " (", *used.begin(), ")");
  });
  return finding;
}

Finding UnknownReplicas(const Cluster& cluster) {
  std::set<std::string> brokers;
  Look(cluster, [&](const Partition& partition) -> std::string {
    for (const int32_t replica : partition.replicas) {
      if (!cluster.IsLive(replica)) brokers.insert(absl::StrCat("broker ", replica));
    }
    return "";
  });
  return {.severity = Severity::kAtRisk,
          .name = "unregistered-brokers",
          .explanation = "brokers that hold replicas are not registered",
          .subjects = {brokers.begin(), brokers.end()},
          .remedy =
              "start them; if one never comes back: rookery reassign --plan drain --brokers "
              "ID"};
}

Finding InconsistentReplicas(const Cluster& cluster) {
  return {
      .severity = Severity::kBroken,
      .name = "inconsistent-replicas",
      .explanation =
          "assignments that no controller writes: none, one broker twice, or "
          "somebody in sync who holds no replica",
      .subjects = Look(
          cluster,
          [&](const Partition& partition) -> std::string {
            const std::set<int32_t> distinct(partition.replicas.begin(), partition.replicas.end());
            bool wrong = partition.replicas.empty() || distinct.size() != partition.replicas.size();
            if (partition.state != nullptr) {
              for (const int32_t broker : partition.state->isr) {
                wrong |= !distinct.contains(broker);
              }
            }
            if (!wrong) return "";
            return absl::StrCat(Name(partition), " (replicas ", ListOf(partition.replicas), ")");
          }),
      .remedy = "write a plan for them by hand and run rookery reassign --execute"};
}

Finding NotStarted(const Cluster& cluster) {
  return {.severity = Severity::kBroken,
          .name = "not-started",
          .explanation = "partitions have no state yet: the controller has not started them",
          .subjects = Look(cluster,
                           [](const Partition& partition) {
                             return partition.state == nullptr ? Name(partition) : std::string();
                           }),
          .remedy =
              "if a controller is there and this lasts: rookery delete /controller makes the "
              "next one look again"};
}

Finding FutureEpoch(const Cluster& cluster) {
  return {.severity = Severity::kBroken,
          .name = "future-controller-epoch",
          .explanation =
              "states were written by a controller later than the last that was "
              "elected: its leaders will refuse the present one",
          .subjects =
              Look(cluster,
                   [&](const Partition& partition) -> std::string {
                     if (partition.state == nullptr || partition.state->controller_epoch <=
                                                           cluster.controller_epoch.value_or(0)) {
                       return "";
                     }
                     return absl::StrCat(Name(partition), " (epoch ",
                                         partition.state->controller_epoch, ")");
                   }),
          .remedy =
              "raise the epoch above it: rookery set /controller_epoch N, then rookery delete "
              "/controller"};
}

Finding NotPreferred(const Cluster& cluster) {
  return {.severity = Severity::kUntidy,
          .name = "not-preferred-leader",
          .explanation = "others lead than the preferred replicas, which are in sync",
          .subjects = Look(cluster,
                           [&](const Partition& partition) -> std::string {
                             if (!HasLiveLeader(cluster, partition) || partition.replicas.empty()) {
                               return "";
                             }
                             const int32_t preferred = partition.replicas.front();
                             if (partition.state->leader == preferred ||
                                 !cluster.IsLive(preferred) ||
                                 !Contains(partition.state->isr, preferred)) {
                               return "";
                             }
                             return absl::StrCat(Name(partition), " (", partition.state->leader,
                                                 ", preferred ", preferred, ")");
                           }),
          .remedy = "rookery leader-election --election-type preferred --all-topic-partitions"};
}

Finding BeingReassigned(const Cluster& cluster) {
  return {.severity = Severity::kUntidy,
          .name = "being-reassigned",
          .explanation = "reassignments are under way",
          .subjects = Look(cluster,
                           [](const Partition& partition) -> std::string {
                             const auto& assignment = partition.topic.assignment;
                             if (!assignment.adding.contains(partition.number) &&
                                 !assignment.removing.contains(partition.number)) {
                               return "";
                             }
                             return Name(partition);
                           }),
          .remedy =
              "wait for them; one that waits for a broker that is down goes on when it is "
              "back"};
}

}  // namespace rookery::tools::doctor
