#include "tools/rookery/reassign/files.h"

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rookery::tools::reassign {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  return text.str();
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
