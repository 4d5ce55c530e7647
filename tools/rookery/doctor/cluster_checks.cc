#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "tools/rookery/doctor/checks.h"

namespace rookery::tools::doctor {
namespace {

using metadata::Cluster;

// A broker holds this much more than its fair share before it is worth a word.
constexpr double kUneven = 1.2;

}  // namespace

Finding NoController(const Cluster& cluster) {
  Finding finding{.severity = Severity::kBroken,
                  .name = "no-controller",
                  .explanation =
                      "no controller does the cluster's work: no leader is elected, no "
                      "topic started"};
  if (cluster.brokers.empty() && cluster.topics.empty()) return finding;  // nothing to control
  if (!cluster.controller) {
    finding.subjects = {"/controller is not there"};
    finding.remedy = cluster.brokers.empty() ? "start a broker"
                                             : "a broker takes it within its session timeout; if "
                                               "none does, look into the brokers' logs";
  } else if (!cluster.IsLive(*cluster.controller)) {
    finding.subjects = {absl::StrCat("broker ", *cluster.controller, " is not registered")};
    finding.remedy =
        "its session ends by itself if it is down; a node that no session owns is one that "
        "somebody made: rookery stat /controller, rookery delete /controller";
  }
  return finding;
}

Finding Unreadable(const Cluster& cluster) {
  return {.severity = Severity::kBroken,
          .name = "unreadable",
          .explanation = "nodes hold what Kafka cannot read",
          .subjects = cluster.unreadable,
          .remedy =
              "rookery get PATH shows it; rookery backup DIR before anything is mended by "
              "hand"};
}

Finding OrphanedConfigs(const Cluster& cluster) {
  Finding finding{.severity = Severity::kUntidy,
                  .name = "orphaned-configs",
                  .explanation =
                      "configurations of topics that are not there; a topic that is "
                      "made under such a name takes over what stands there",
                  .remedy = "rookery delete /config/topics/NAME"};
  for (const std::string& name : cluster.configured_topics) {
    if (!cluster.topics.contains(name)) finding.subjects.push_back(name);
  }
  return finding;
}

Finding StuckDeletions(const Cluster& cluster) {
  Finding finding{.severity = Severity::kUntidy,
                  .name = "waiting-deletions",
                  .explanation =
                      "topics wait for their deletion: a topic that is gone already, or "
                      "one with replicas on brokers that are down",
                  .remedy =
                      "start those brokers; a mark without its topic: rookery delete "
                      "/admin/delete_topics/NAME"};
  for (const std::string& name : cluster.deleted_topics) {
    const auto topic = cluster.topics.find(name);
    if (topic == cluster.topics.end()) {
      finding.subjects.push_back(absl::StrCat(name, " (no such topic)"));
      continue;
    }
    for (const auto& [partition, replicas] : topic->second.assignment.partitions) {
      const auto down = std::find_if(replicas.begin(), replicas.end(),
                                     [&](int32_t broker) { return !cluster.IsLive(broker); });
      if (down == replicas.end()) continue;
      finding.subjects.push_back(absl::StrCat(name, " (broker ", *down, " is down)"));
      break;
    }
  }
  return finding;
}

Finding UnevenReplicas(const Cluster& cluster) {
  Finding finding{.severity = Severity::kUntidy,
                  .name = "uneven-replicas",
                  .explanation = "brokers hold far more replicas than their share",
                  .remedy = "rookery reassign --plan balance"};
  std::map<int32_t, size_t> held;
  size_t all = 0;
  for (const auto& [name, topic] : cluster.topics) {
    for (const auto& [partition, replicas] : topic.assignment.partitions) {
      for (const int32_t replica : replicas) ++held[replica];
      all += replicas.size();
    }
  }
  if (cluster.brokers.empty()) return finding;
  const double share = static_cast<double>(all) / static_cast<double>(cluster.brokers.size());
  for (const auto& [broker, count] : held) {
    if (static_cast<double>(count) <= share * kUneven || static_cast<double>(count) < share + 2) {
      continue;
    }
    finding.subjects.push_back(absl::StrCat("broker ", broker, " (", count, " of ", all, ")"));
  }
  return finding;
}

}  // namespace rookery::tools::doctor
