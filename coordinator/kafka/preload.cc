#include "coordinator/kafka/preload.h"

#include <algorithm>

namespace rookery::kafka {

const std::vector<std::string>& PreloadPaths() {
  static const auto& paths = *new std::vector<std::string>{
      "/consumers",
      "/brokers",
      "/brokers/ids",
      "/brokers/topics",
      "/config",
      "/config/changes",
      "/admin",
      "/admin/delete_topics",
      "/brokers/seqid",
      "/isr_change_notification",
      "/latest_producer_id_block",
      "/log_dir_event_notification",
      "/config/topics",
      "/config/clients",
      "/config/users",
      "/config/brokers",
      "/config/ips",
  };
  return paths;
}

// Without those that are only the parents of others.
const std::vector<std::string>& RootPaths() {
  static const auto& paths = *new std::vector<std::string>([] {
    std::vector<std::string> roots = PreloadPaths();
    std::erase_if(roots, [](const std::string& path) {
      const std::string below = path + "/";
      return std::any_of(PreloadPaths().begin(), PreloadPaths().end(),
                         [&](const std::string& other) { return other.starts_with(below); });
    });
    return roots;
  }());
  return paths;
}

}  // namespace rookery::kafka
