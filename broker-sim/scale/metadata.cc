#include "broker-sim/scale/metadata.h"

#include <algorithm>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/grpc/pump/grpc_scan.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {
namespace {

// Of "<topics>/<topic>/partitions/<number>/state"; false for any other path.
bool ParseStatePath(absl::string_view path, absl::string_view* topic, size_t* partition) {
  constexpr absl::string_view kMiddle = "/partitions/";
  constexpr absl::string_view kEnd = "/state";
  if (!absl::ConsumePrefix(&path, kafka::kTopicsPath) || !absl::ConsumePrefix(&path, "/") ||
      !absl::ConsumeSuffix(&path, kEnd)) {
    return false;
  }
  const size_t middle = path.find(kMiddle);
  if (middle == absl::string_view::npos) return false;
  *topic = path.substr(0, middle);
  return absl::SimpleAtoi(path.substr(middle + kMiddle.size()), partition);
}

// The states of topics [first, last).
absl::Status ScanRange(const Address& server, size_t first, size_t last, ScaleMetadata* metadata) {
  // Scans go level by level: this one begins behind every node above the states.
  const std::string behind =
      absl::StrCat(kafka::kTopicsPath, "/", metadata->topics()[first].name, "/partitions/!/!");
  absl::Status failure;
  size_t topic = first;
  const auto visit = [&](const client::ScannedNode& node) {
    absl::string_view name;
    size_t partition = 0;
    if (!ParseStatePath(node.path, &name, &partition)) return true;
    if (metadata->topics()[topic].name != name) {
      topic = metadata->Find(name);
      if (topic >= last) return false;
    }
    failure = metadata->TakeState(topic, partition, node.data.value_or(""), node.stat.version);
    return failure.ok();
  };
  const auto scanned = client::ScanSubtree(server, std::string(kafka::kTopicsPath), behind, visit);
  ROOKERY_RETURN_IF_ERROR(failure);
  return scanned.status();
}

}  // namespace

// In the order in which a scan meets their states.
ScaleMetadata::ScaleMetadata(std::vector<std::string> names) {
  for (std::string& name : names) name.push_back('/');
  std::sort(names.begin(), names.end());
  topics_.reserve(names.size());
  by_name_.reserve(names.size());
  for (std::string& name : names) {
    name.pop_back();
    by_name_.emplace(name, topics_.size());
    topics_.push_back({.name = std::move(name)});
  }
}

absl::Status ScaleMetadata::TakeTopic(size_t topic, absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(kafka::TopicAssignment assignment, kafka::DecodeTopic(json));
  TopicRow& row = topics_[topic];
  row.partitions.resize(assignment.partitions.size());
  for (auto& [number, replicas] : assignment.partitions) {
    if (number < 0 || static_cast<size_t>(number) >= row.partitions.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat(row.name, ": expected partitions from 0 without a gap, found ", number));
    }
    row.partitions[static_cast<size_t>(number)].replicas = std::move(replicas);
  }
  return absl::OkStatus();
}

absl::Status ScaleMetadata::TakeState(size_t topic, size_t partition, absl::string_view json,
                                      int32_t version) {
  TopicRow& row = topics_[topic];
  if (partition >= row.partitions.size()) return absl::OkStatus();  // newer than what was read
  ROOKERY_ASSIGN_OR_RETURN(row.partitions[partition].state, kafka::DecodePartitionState(json));
  row.partitions[partition].version = version;
  return absl::OkStatus();
}

size_t ScaleMetadata::Find(absl::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? topics_.size() : found->second;
}

size_t ScaleMetadata::partitions() const {
  size_t count = 0;
  for (const TopicRow& row : topics_) count += row.partitions.size();
  return count;
}

size_t ScaleMetadata::states_read() const {
  size_t count = 0;
  for (const TopicRow& row : topics_) {
    for (const PartitionRow& partition : row.partitions) count += partition.version >= 0 ? 1 : 0;
  }
  return count;
}

// The level below the root: what comes behind it is of no use here.
absl::StatusOr<ScaleMetadata> ScanTopics(const Address& server) {
  std::vector<std::pair<std::string, std::string>> found;  // names with what they hold
  const auto visit = [&](const client::ScannedNode& node) {
    absl::string_view name = node.path;
    if (!absl::ConsumePrefix(&name, kafka::kTopicsPath) || !absl::ConsumePrefix(&name, "/")) {
      return true;  // the root
    }
    if (name.find('/') != absl::string_view::npos) return false;
    found.emplace_back(name, node.data.value_or(""));
    return true;
  };
  const auto scanned = client::ScanSubtree(server, std::string(kafka::kTopicsPath), "", visit);
  ROOKERY_RETURN_IF_ERROR(scanned.status());
  std::vector<std::string> names;
  names.reserve(found.size());
  for (const auto& [name, json] : found) names.push_back(name);
  ScaleMetadata metadata(std::move(names));
  for (const auto& [name, json] : found) {
    ROOKERY_RETURN_IF_ERROR(metadata.TakeTopic(metadata.Find(name), json));
  }
  return metadata;
}

absl::Status ScanStates(const std::vector<Address>& servers, ScaleMetadata* metadata) {
  const size_t count = metadata->topics().size();
  std::vector<absl::Status> results(servers.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < servers.size(); ++i) {
    const size_t first = count * i / servers.size();
    const size_t last = count * (i + 1) / servers.size();
    if (first == last) continue;
    threads.emplace_back(
        [&, i, first, last] { results[i] = ScanRange(servers[i], first, last, metadata); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& result : results) ROOKERY_RETURN_IF_ERROR(result);
  return absl::OkStatus();
}

}  // namespace rookery::broker_sim
