// What changed about one topic or one partition. Private to this module.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coordinator/kafka/metadata_event.h"

namespace rookery::kafka {

// nullopt: there was, or is, no such topic.
void TellTopic(const std::string& topic, const std::optional<TopicAssignment>& before,
               const std::optional<TopicAssignment>& after, std::vector<MetadataEvent>* events);

void TellPartition(const std::string& topic, int32_t partition,
                   const std::optional<PartitionState>& before, const PartitionState& after,
                   int32_t version, std::vector<MetadataEvent>* events);

}  // namespace rookery::kafka
