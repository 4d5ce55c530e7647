#include <utility>

#include "coordinator/frontend/metadata/convert.h"

namespace rookery::frontend {
namespace {

using google::protobuf::RepeatedField;

void Put(const kafka::Replicas& from, RepeatedField<int32_t>* to) {
  to->Assign(from.begin(), from.end());
}

void Put(int32_t number, const kafka::Replicas& replicas, v1::Partition* out) {
  out->set_partition(number);
  Put(replicas, out->mutable_replicas());
}

// Writes one kind of event each.
struct Writer {
  v1::MetadataEvent* out;

  void operator()(const kafka::BrokerJoined& event) const {
    ToProto(kafka::BrokerView{event.broker, event.epoch, event.registration},
            out->mutable_broker_joined()->mutable_broker());
  }
  void operator()(const kafka::BrokerChanged& event) const {
    ToProto(kafka::BrokerView{event.broker, event.epoch, event.registration},
            out->mutable_broker_changed()->mutable_broker());
  }
  void operator()(const kafka::BrokerLost& event) const {
    out->mutable_broker_lost()->set_id(event.broker);
    out->mutable_broker_lost()->set_epoch(event.epoch);
  }
  void operator()(const kafka::ControllerChanged& event) const {
    v1::ControllerChanged* to = out->mutable_controller_changed();
    if (event.previous.has_value()) to->set_previous(*event.previous);
    v1::Controller* controller = to->mutable_controller();
    if (event.controller.has_value()) {
      controller->set_broker_id(event.controller->broker);
      controller->set_timestamp_ms(event.controller->timestamp_ms);
    }
    if (event.epoch.has_value()) controller->set_epoch(*event.epoch);
  }
  void operator()(const kafka::TopicCreated& event) const {
    ToProto(kafka::TopicView{.name = event.topic, .assignment = event.assignment},
            out->mutable_topic_created()->mutable_topic());
  }
  void operator()(const kafka::TopicDeleted& event) const {
    out->mutable_topic_deleted()->set_name(event.topic);
    out->mutable_topic_deleted()->set_topic_id(event.topic_id);
  }
  void operator()(const kafka::TopicDeletionRequested& event) const {
    out->mutable_topic_deletion_requested()->set_name(event.topic);
  }
  void operator()(const kafka::PartitionsAdded& event) const {
    v1::PartitionsAdded* to = out->mutable_partitions_added();
    to->set_topic(event.topic);
    for (const auto& [number, replicas] : event.partitions) {
      Put(number, replicas, to->add_partitions());
    }
  }
  void operator()(const kafka::LeaderChanged& event) const {
    v1::LeaderChanged* to = out->mutable_leader_changed();
    to->set_topic(event.topic);
    to->set_partition(event.partition);
    to->set_previous_leader(event.previous);
    ToProto(event.state, event.version, to->mutable_state());
  }
  void operator()(const kafka::IsrChanged& event) const {
    v1::IsrChanged* to = out->mutable_isr_changed();
    to->set_topic(event.topic);
    to->set_partition(event.partition);
    Put(event.removed, to->mutable_removed());
    Put(event.added, to->mutable_added());
    ToProto(event.state, event.version, to->mutable_state());
  }
  void operator()(const kafka::ReassignmentStarted& event) const {
    v1::ReassignmentStarted* to = out->mutable_reassignment_started();
    to->set_topic(event.topic);
    Put(event.partition, event.replicas, to->mutable_partition());
    Put(event.adding, to->mutable_partition()->mutable_adding_replicas());
    Put(event.removing, to->mutable_partition()->mutable_removing_replicas());
  }
  void operator()(const kafka::ReassignmentEnded& event) const {
    v1::ReassignmentEnded* to = out->mutable_reassignment_ended();
    to->set_topic(event.topic);
    Put(event.partition, event.replicas, to->mutable_partition());
  }
  void operator()(const kafka::ReplicasChanged& event) const {
    v1::ReplicasChanged* to = out->mutable_replicas_changed();
    to->set_topic(event.topic);
    Put(event.previous, to->mutable_previous_replicas());
    Put(event.partition, event.replicas, to->mutable_partition());
  }
  void operator()(const kafka::ConfigChanged& event) const {
    v1::ConfigChanged* to = out->mutable_config_changed();
    ToProto(event.entity, to->mutable_entity());
    to->mutable_set()->insert(event.set.begin(), event.set.end());
    to->mutable_removed()->Assign(event.removed.begin(), event.removed.end());
  }
  void operator()(const kafka::QuotaChanged& event) const {
    v1::QuotaChanged* to = out->mutable_quota_changed();
    ToProto(event.entity, to->mutable_entity());
    to->mutable_set()->insert(event.set.begin(), event.set.end());
    to->mutable_removed()->Assign(event.removed.begin(), event.removed.end());
  }
  void operator()(const kafka::AclChanged& event) const {
    v1::AclChanged* to = out->mutable_acl_changed();
    ToProto(event.resource, to->mutable_resource());
    ToProto(event.added, to->mutable_added());
    ToProto(event.removed, to->mutable_removed());
  }
  void operator()(const kafka::NodeUnreadable& event) const {
    ToProto(event, out->mutable_node_unreadable());
  }
};

}  // namespace

void ToProto(const kafka::PartitionState& state, int32_t version, v1::PartitionState* out) {
  out->set_leader(state.leader);
  out->set_leader_epoch(state.leader_epoch);
  out->set_controller_epoch(state.controller_epoch);
  Put(state.isr, out->mutable_isr());
  out->set_recovering(state.recovering);
  out->set_partition_epoch(version);
}

void ToProto(const kafka::MetadataEvent& event, v1::MetadataEvent* out) {
  std::visit(Writer{out}, event);
}

}  // namespace rookery::frontend
