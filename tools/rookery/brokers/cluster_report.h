// A Kafka cluster as its nodes show it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::brokers {

struct ClusterReport {
  std::string cluster_id;                   // "": no broker has ever started
  std::optional<int32_t> controller;        // none: nobody is elected
  std::optional<int32_t> controller_epoch;  // none: nobody ever was
  std::vector<metadata::Broker> brokers;    // by id
};

std::string ToText(const ClusterReport& report);
boost::json::object ToJson(const ClusterReport& report);

}  // namespace rookery::tools::brokers
