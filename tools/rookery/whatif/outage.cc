#include "tools/rookery/whatif/outage.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rookery::tools::whatif {
namespace {

using kafka::PartitionState;
using kafka::Replicas;

bool Contains(const Replicas& brokers, int32_t broker) {
  return std::find(brokers.begin(), brokers.end(), broker) != brokers.end();
}

// Offline election: the first assigned replica that lives and is in sync; -1: none.
int32_t NextLeader(const metadata::Cluster& cluster, const std::set<int32_t>& down,
                   const Replicas& replicas, const PartitionState& state) {
  for (const int32_t replica : replicas) {
    if (cluster.IsLive(replica) && !down.contains(replica) && Contains(state.isr, replica)) {
      return replica;
    }
  }
  return -1;
}

void Judge(const metadata::Cluster& cluster, const std::set<int32_t>& down,
           const metadata::Topic& topic, int32_t number, const Replicas& replicas, Outage* outage) {
  const auto found = topic.states.find(number);
  if (found == topic.states.end() || !cluster.IsLive(found->second.leader)) return;
  const PartitionState& state = found->second;
  const std::string name = absl::StrCat(topic.name, "-", number);
  Replicas in_sync;
  for (const int32_t broker : state.isr) {
    if (!down.contains(broker)) in_sync.push_back(broker);
  }
  if (std::any_of(replicas.begin(), replicas.end(),
                  [&](int32_t broker) { return down.contains(broker); })) {
    ++outage->under_replicated;
  }
  const int32_t leader =
      down.contains(state.leader) ? NextLeader(cluster, down, replicas, state) : state.leader;
  if (leader < 0) {
    outage->leaderless.push_back(name);
    return;
  }
  ++outage->leaders_after[leader];
  if (leader != state.leader) {
    outage->moved.push_back(absl::StrCat(name, " (", state.leader, " -> ", leader, ")"));
  }
  const auto wanted = static_cast<size_t>(metadata::MinInsyncReplicas(topic));
  if (in_sync.size() < wanted && state.isr.size() >= wanted) {
    outage->under_min_isr.push_back(absl::StrCat(name, " (", in_sync.size(), " of ", wanted, ")"));
  }
}

void Append(const char* what, const std::vector<std::string>& subjects, size_t subjects_max,
            std::string* text) {
  absl::StrAppend(text, subjects.size(), " ", what, "\n");
  const size_t shown = std::min(subjects_max, subjects.size());
  for (size_t i = 0; i < shown; ++i) absl::StrAppend(text, "  ", subjects[i], "\n");
  if (shown < subjects.size()) {
    absl::StrAppend(text, "  and ", subjects.size() - shown, " more (--all)\n");
  }
}

}  // namespace

Outage Without(const metadata::Cluster& cluster, const std::set<int32_t>& down) {
  Outage outage;
  for (const auto& [broker, rack] : cluster.brokers) {
    if (!down.contains(broker)) outage.leaders_after[broker] = 0;
  }
  for (const auto& [name, topic] : cluster.topics) {
    if (topic.marked_for_deletion) continue;
    for (const auto& [number, replicas] : topic.assignment.partitions) {
      Judge(cluster, down, topic, number, replicas, &outage);
    }
  }
  return outage;
}

std::string ToText(const Outage& outage, size_t subjects_max) {
  std::string text;
  Append("partitions would have no leader", outage.leaderless, subjects_max, &text);
  Append("partitions would refuse acks=all (under min.insync.replicas)", outage.under_min_isr,
         subjects_max, &text);
  Append("partitions would get another leader", outage.moved, subjects_max, &text);
  absl::StrAppend(&text, outage.under_replicated, " partitions would lose a replica\n");
  absl::StrAppend(&text, "partitions led afterwards: ",
                  absl::StrJoin(outage.leaders_after, ", ",
                                [](std::string* out, const auto& broker) {
                                  absl::StrAppend(out, "broker ", broker.first, " ", broker.second);
                                }),
                  "\n");
  return text;
}

boost::json::object ToJson(const Outage& outage) {
  const auto list = [](const std::vector<std::string>& subjects) {
    return boost::json::array(subjects.begin(), subjects.end());
  };
  boost::json::object leaders;
  for (const auto& [broker, count] : outage.leaders_after) leaders[absl::StrCat(broker)] = count;
  boost::json::object object;
  object["leaderless"] = list(outage.leaderless);
  object["under_min_isr"] = list(outage.under_min_isr);
  object["moved"] = list(outage.moved);
  object["under_replicated"] = outage.under_replicated;
  object["leaders_after"] = std::move(leaders);
  return object;
}

}  // namespace rookery::tools::whatif
