#include "coordinator/kafka/preload.h"

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

const std::vector<std::string>& RootPaths() {
  static const auto& paths = *new std::vector<std::string>{
      "/consumers",
      "/brokers/ids",
      "/brokers/topics",
      "/config/changes",
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

}  // namespace rookery::kafka
