#include "tools/rookery/topics/description.h"

#include <algorithm>
#include <regex>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tools/rookery/metadata/cluster.h"

namespace rookery::tools::topics {
namespace {

const kafka::Replicas kNone;

const kafka::Replicas& Of(const std::map<int32_t, kafka::Replicas>& partitions, int32_t partition) {
  const auto found = partitions.find(partition);
  return found == partitions.end() ? kNone : found->second;
}

bool Contains(const std::vector<int32_t>& brokers, int32_t broker) {
  return std::find(brokers.begin(), brokers.end(), broker) != brokers.end();
}

size_t MinInSync(const Description& topic) {
  return static_cast<size_t>(std::max(0, metadata::MinInsyncReplicas(topic)));
}

bool Passes(const Description& topic, int32_t partition, Filter filter,
            const std::vector<int32_t>& live_brokers) {
  switch (filter) {
    case Filter::kAll:
      return true;
    case Filter::kUnderReplicated:
      return IsUnderReplicated(topic, partition);
    case Filter::kUnavailable:
      return IsUnavailable(topic, partition, live_brokers);
    case Filter::kUnderMinIsr:
      return InSync(topic, partition) < MinInSync(topic);
    case Filter::kAtMinIsr:
      return InSync(topic, partition) == MinInSync(topic);
  }
  return true;
}

size_t ReplicationFactor(const Description& topic) {
  if (topic.assignment.partitions.empty()) return 0;
  const auto& [partition, replicas] = *topic.assignment.partitions.begin();
  return replicas.size() - std::min(replicas.size(), Of(topic.assignment.adding, partition).size());
}

std::string TopicLine(const Description& topic) {
  std::string line = absl::StrCat("Topic: ", topic.name);
  if (!topic.assignment.topic_id.empty()) {
    absl::StrAppend(&line, "\tTopicId: ", topic.assignment.topic_id);
  }
  absl::StrAppend(&line, "\tPartitionCount: ", topic.assignment.partitions.size(),
                  "\tReplicationFactor: ", ReplicationFactor(topic),
                  "\tConfigs: ", absl::StrJoin(topic.config, ",", absl::PairFormatter("=")));
  if (topic.marked_for_deletion) line += "\tMarkedForDeletion: true";
  return line + "\n";
}

std::string PartitionLine(const Description& topic, int32_t partition) {
  const auto state = topic.states.find(partition);
  const bool led = state != topic.states.end() && state->second.leader >= 0;
  std::string line = absl::StrCat(
      "\tTopic: ", topic.name, "\tPartition: ", partition,
      "\tLeader: ", led ? absl::StrCat(state->second.leader) : "none",
      "\tReplicas: ", absl::StrJoin(Of(topic.assignment.partitions, partition), ","), "\tIsr: ",
      state == topic.states.end() ? std::string() : absl::StrJoin(state->second.isr, ","));
  const kafka::Replicas& adding = Of(topic.assignment.adding, partition);
  const kafka::Replicas& removing = Of(topic.assignment.removing, partition);
  if (!adding.empty() || !removing.empty()) {
    absl::StrAppend(&line, "\tAdding Replicas: ", absl::StrJoin(adding, ","),
                    "\tRemoving Replicas: ", absl::StrJoin(removing, ","));
  }
  line += "\tElr: N/A\tLastKnownElr: N/A";
  if (topic.marked_for_deletion) line += "\tMarkedForDeletion: true";
  return line + "\n";
}

boost::json::array ToArray(const std::vector<int32_t>& numbers) {
  return boost::json::array(numbers.begin(), numbers.end());
}

}  // namespace

bool IsUnderReplicated(const Description& topic, int32_t partition) {
  const size_t assigned = Of(topic.assignment.partitions, partition).size() -
                          Of(topic.assignment.adding, partition).size();
  const auto state = topic.states.find(partition);
  return state == topic.states.end() || state->second.isr.size() < assigned;
}

size_t InSync(const Description& topic, int32_t partition) {
  const auto state = topic.states.find(partition);
  return state == topic.states.end() ? 0 : state->second.isr.size();
}

bool IsUnavailable(const Description& topic, int32_t partition,
                   const std::vector<int32_t>& live_brokers) {
  const auto state = topic.states.find(partition);
  return state == topic.states.end() || !Contains(live_brokers, state->second.leader);
}

std::string DescribeText(const Description& topic, Filter filter,
                         const std::vector<int32_t>& live_brokers) {
  std::string text;
  if (filter == Filter::kAll) text = TopicLine(topic);
  for (const auto& [partition, replicas] : topic.assignment.partitions) {
    if (Passes(topic, partition, filter, live_brokers)) text += PartitionLine(topic, partition);
  }
  return text;
}

boost::json::object DescribeJson(const Description& topic, Filter filter,
                                 const std::vector<int32_t>& live_brokers) {
  boost::json::array partitions;
  for (const auto& [partition, replicas] : topic.assignment.partitions) {
    if (!Passes(topic, partition, filter, live_brokers)) continue;
    const auto state = topic.states.find(partition);
    const bool known = state != topic.states.end();
    boost::json::object object;
    object["partition"] = partition;
    object["leader"] = nullptr;
    if (known && state->second.leader >= 0) object["leader"] = state->second.leader;
    object["leader_epoch"] = nullptr;
    if (known) object["leader_epoch"] = state->second.leader_epoch;
    object["replicas"] = ToArray(replicas);
    object["isr"] = known ? ToArray(state->second.isr) : boost::json::array();
    object["adding_replicas"] = ToArray(Of(topic.assignment.adding, partition));
    object["removing_replicas"] = ToArray(Of(topic.assignment.removing, partition));
    partitions.push_back(std::move(object));
  }
  boost::json::object config;
  for (const auto& [key, value] : topic.config) config[key] = value;
  boost::json::object object;
  object["topic"] = topic.name;
  object["topic_id"] = nullptr;
  if (!topic.assignment.topic_id.empty()) object["topic_id"] = topic.assignment.topic_id;
  object["partition_count"] = topic.assignment.partitions.size();
  object["replication_factor"] = ReplicationFactor(topic);
  object["configs"] = std::move(config);
  object["marked_for_deletion"] = topic.marked_for_deletion;
  object["partitions"] = std::move(partitions);
  return object;
}

std::string ListText(absl::string_view name, bool marked_for_deletion) {
  return absl::StrCat(name, marked_for_deletion ? " - marked for deletion" : "", "\n");
}

absl::StatusOr<std::vector<std::string>> Matching(const std::vector<std::string>& names,
                                                  const std::string& pattern) {
  // A name that stands for itself means itself alone: "a.b" must not delete "a-b" too.
  if (std::find(names.begin(), names.end(), pattern) != names.end()) return {{pattern}};
  std::regex regex;
  try {
    regex.assign(absl::StrReplaceAll(pattern, {{",", "|"}, {" ", ""}}));
  } catch (const std::regex_error& error) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected a topic or a regular expression, found '", pattern, "': ", error.what()));
  }
  std::vector<std::string> matching;
  for (const std::string& name : names) {
    if (std::regex_match(name, regex)) matching.push_back(name);
  }
  return matching;
}

bool NeedsCollisionWarning(absl::string_view name) {
  return name.find_first_of("._") != absl::string_view::npos;
}

}  // namespace rookery::tools::topics
