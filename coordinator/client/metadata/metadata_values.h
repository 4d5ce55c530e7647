// MetadataService's messages as the values that the rest of the code has for them.
#pragma once

#include <string>

#include "coordinator/kafka/topic.h"
#include "rookery/v1/metadata_types.pb.h"

namespace rookery::client {

kafka::PartitionState StateOf(const v1::PartitionState& state);

// "topics/orders", "users/<default>/clients/shop"
std::string NameOf(const v1::ConfigEntity& entity);

}  // namespace rookery::client
