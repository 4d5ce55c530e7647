// rookery.v1 messages of Kafka's metadata <-> values of coordinator/kafka.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/kafka/cluster_reader.h"
#include "coordinator/kafka/metadata_event.h"
#include "rookery/v1/metadata.pb.h"

namespace rookery::frontend {

// "/" for an empty root. InvalidArgument: not a path.
absl::StatusOr<std::string> RootOf(const std::string& root);

// InvalidArgument: unspecified, two parts other than a user and a client, a default topic, a name
// that its node cannot have.
absl::StatusOr<kafka::ConfigEntity> FromProto(const v1::ConfigEntity& entity);
absl::StatusOr<kafka::ConfigEntity::Type> FromProto(v1::ConfigEntityType type);
// InvalidArgument: unspecified.
absl::StatusOr<kafka::ResourcePattern> FromProto(const v1::AclResource& resource);
absl::StatusOr<kafka::AclEntries> FromProto(
    const google::protobuf::RepeatedPtrField<v1::AclRule>& rules);

// To the empty message in `out`.
void ToProto(const kafka::BrokerView& broker, v1::Broker* out);
void ToProto(const kafka::ControllerView& controller, v1::Controller* out);
void ToProto(const kafka::TopicView& topic, v1::Topic* out);
void ToProto(const kafka::ConfigEntity& entity, v1::ConfigEntity* out);
void ToProto(const kafka::EntityView& config, v1::EntityConfig* out);
void ToProto(const kafka::AclView& acls, v1::ResourceAcls* out);
void ToProto(const kafka::ResourcePattern& resource, v1::AclResource* out);
void ToProto(const kafka::AclEntries& entries,
             google::protobuf::RepeatedPtrField<v1::AclRule>* out);
void ToProto(const kafka::NodeUnreadable& node, v1::UnreadableNode* out);
void ToProto(const std::vector<kafka::NodeUnreadable>& nodes,
             google::protobuf::RepeatedPtrField<v1::UnreadableNode>* out);
// False, and nothing is written: the configuration holds no quota.
bool ToProto(const kafka::EntityView& config, v1::EntityQuota* out);

// event_convert.cc
void ToProto(const kafka::PartitionState& state, int32_t version, v1::PartitionState* out);
void ToProto(const kafka::MetadataEvent& event, v1::MetadataEvent* out);

}  // namespace rookery::frontend
