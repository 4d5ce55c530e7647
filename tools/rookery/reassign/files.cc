#include "tools/rookery/reassign/files.h"

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"

namespace rookery::tools::reassign {
namespace {

// What a plan in a file must not have, though a node might. REQUIRES: `text` is a plan.
absl::Status CheckFile(const std::string& text) {
  const boost::json::value plan = boost::json::parse(text);
  std::set<kafka::TopicPartition> partitions;
  for (const boost::json::value& value : plan.at("partitions").as_array()) {
    const boost::json::object& partition = value.as_object();
    const std::string topic(partition.at("topic").as_string().c_str());
    const auto number = static_cast<int32_t>(partition.at("partition").as_int64());
    if (!partitions.emplace(topic, number).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "Partition reassignment contains duplicate topic partitions: ", topic, "-", number));
    }
    const boost::json::value* const directories = partition.if_contains("log_dirs");
    if (directories == nullptr || !directories->is_array()) continue;
    for (const boost::json::value& directory : directories->get_array()) {
      if (directory.is_string() && directory.get_string() == "any") continue;
      return absl::InvalidArgumentError(
          "only brokers move replicas between log directories: say \"any\" under 'log_dirs', or "
          "use kafka-reassign-partitions.sh --bootstrap-server HOST:PORT");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  return text.str();
}

absl::StatusOr<Moves> ReadPlan(const std::string& path) {
  ROOKERY_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  auto moves = kafka::DecodeReassignment(text);
  absl::Status status = moves.status();
  if (status.ok()) status = CheckFile(text);
  if (status.ok()) return moves;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", status.message()));
}

absl::StatusOr<Moves> ReadRequested(client::BlockingClient& client) {
  const std::string path(kafka::kReassignPath);
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Nodes nodes, metadata::ReadNodes(client, {path}));
  if (!nodes.contains(path)) return Moves();
  return kafka::DecodeReassignment(metadata::DataOf(nodes, path));
}

std::string PlanJson(const Moves& moves) {
  boost::json::array partitions;
  for (const auto& [partition, replicas] : moves) {
    boost::json::object object;
    object["topic"] = partition.first;
    object["partition"] = partition.second;
    object["replicas"] = boost::json::array(replicas.begin(), replicas.end());
    object["log_dirs"] = boost::json::array(replicas.size(), "any");
    partitions.push_back(std::move(object));
  }
  boost::json::object object;
  object["version"] = 1;
  object["partitions"] = std::move(partitions);
  return boost::json::serialize(object);
}

std::string Names(const Moves& moves) {
  return absl::StrJoin(moves, ",", [](std::string* out, const auto& move) {
    absl::StrAppend(out, move.first.first, "-", move.first.second);
  });
}

absl::Status CheckPlan(const metadata::Cluster& cluster, const Moves& moves) {
  if (moves.empty()) return absl::InvalidArgumentError("the plan moves no partition");
  const Moves present = Present(cluster, moves);
  for (const auto& [partition, replicas] : moves) {
    const std::string name = absl::StrCat(partition.first, "-", partition.second);
    if (!present.contains(partition)) {
      return absl::InvalidArgumentError(absl::StrCat("there is no partition ", name));
    }
    if (cluster.topics.at(partition.first).marked_for_deletion) {
      return absl::InvalidArgumentError(
          absl::StrCat("topic ", partition.first, " is marked for deletion"));
    }
    if (replicas.empty() ||
        std::set<int32_t>(replicas.begin(), replicas.end()).size() != replicas.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ": expected distinct brokers under 'replicas', found ",
                       absl::StrJoin(replicas, ",")));
    }
    for (const int32_t replica : replicas) {
      if (cluster.IsLive(replica)) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(name, ": broker ", replica, " is not registered"));
    }
  }
  return absl::OkStatus();
}

}  // namespace rookery::tools::reassign
