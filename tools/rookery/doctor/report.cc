#include "tools/rookery/doctor/report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rookery::tools::doctor {
namespace {

const char* Name(Severity severity) {
  switch (severity) {
    case Severity::kBroken:
      return "BROKEN";
    case Severity::kAtRisk:
      return "AT RISK";
    case Severity::kUntidy:
      return "UNTIDY";
  }
  return "";
}

size_t PartitionsOf(const metadata::Cluster& cluster) {
  size_t partitions = 0;
  for (const auto& [name, topic] : cluster.topics) partitions += topic.assignment.partitions.size();
  return partitions;
}

}  // namespace

std::string ToText(const metadata::Cluster& cluster, const std::vector<Finding>& findings,
                   size_t subjects_max) {
  std::string text = absl::StrCat(cluster.brokers.size(), " brokers, ", cluster.topics.size(),
                                  " topics, ", PartitionsOf(cluster), " partitions as of zxid 0x",
                                  absl::Hex(cluster.zxid), "\n");
  for (const Finding& finding : findings) {
    const size_t shown = std::min(subjects_max, finding.subjects.size());
    absl::StrAppend(
        &text, "\n", Name(finding.severity), "  ", finding.name, ": ", finding.explanation, "\n  ",
        absl::StrJoin(finding.subjects.begin(),
                      finding.subjects.begin() + static_cast<std::ptrdiff_t>(shown), "\n  "),
        "\n");
    if (shown < finding.subjects.size()) {
      absl::StrAppend(&text, "  and ", finding.subjects.size() - shown, " more (--all)\n");
    }
    absl::StrAppend(&text, "  -> ", finding.remedy, "\n");
  }
  if (cluster.brokers.empty() && cluster.topics.empty()) {
    text += "no Kafka cluster is here: is the chroot right\n";
  } else if (findings.empty()) {
    text += "nothing is wrong\n";
  }
  return text;
}

boost::json::object ToJson(const metadata::Cluster& cluster, const std::vector<Finding>& findings) {
  boost::json::array list;
  for (const Finding& finding : findings) {
    boost::json::object object;
    object["severity"] = Name(finding.severity);
    object["name"] = finding.name;
    object["explanation"] = finding.explanation;
    object["subjects"] = boost::json::array(finding.subjects.begin(), finding.subjects.end());
    object["remedy"] = finding.remedy;
    list.push_back(std::move(object));
  }
  boost::json::object object;
  object["zxid"] = cluster.zxid;
  object["brokers"] = cluster.brokers.size();
  object["topics"] = cluster.topics.size();
  object["partitions"] = PartitionsOf(cluster);
  object["findings"] = std::move(list);
  return object;
}

}  // namespace rookery::tools::doctor
