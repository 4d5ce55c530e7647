#include "coordinator/kafka/paths.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace rookery::kafka {

std::string BrokerPath(int32_t broker) { return absl::StrCat(kBrokerIdsPath, "/", broker); }

std::string TopicPath(absl::string_view topic) { return absl::StrCat(kTopicsPath, "/", topic); }

std::string TopicPartitionsPath(absl::string_view topic) {
  return absl::StrCat(kTopicsPath, "/", topic, "/partitions");
}

std::string PartitionPath(absl::string_view topic, int32_t partition) {
  return absl::StrCat(kTopicsPath, "/", topic, "/partitions/", partition);
}

std::string PartitionStatePath(absl::string_view topic, int32_t partition) {
  return absl::StrCat(kTopicsPath, "/", topic, "/partitions/", partition, "/state");
}

std::string TopicConfigPath(absl::string_view topic) {
  return absl::StrCat("/config/topics/", topic);
}

std::string DeleteTopicPath(absl::string_view topic) {
  return absl::StrCat(kDeleteTopicsPath, "/", topic);
}

bool IsLegalTopicName(absl::string_view topic) {
  if (topic.empty() || topic.size() > 249 || topic == "." || topic == "..") return false;
  return std::all_of(topic.begin(), topic.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
  });
}

bool TopicNamesCollide(absl::string_view a, absl::string_view b) {
  return absl::StrReplaceAll(a, {{".", "_"}}) == absl::StrReplaceAll(b, {{".", "_"}});
}

}  // namespace rookery::kafka
