#include "coordinator/kafka/admin.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/json.h"

namespace rookery::kafka {
namespace {

// The objects under "partitions".
absl::StatusOr<std::vector<boost::json::object>> PartitionsOf(absl::string_view json,
                                                              absl::string_view what) {
  ROOKERY_ASSIGN_OR_RETURN(boost::json::object object, ParseObject(json, what));
  const boost::json::value* list = object.if_contains("partitions");
  if (list == nullptr || !list->is_array()) {
    return absl::InvalidArgumentError(absl::StrCat(what, ": expected a list under 'partitions'"));
  }
  std::vector<boost::json::object> partitions;
  for (const boost::json::value& one : list->get_array()) {
    if (!one.is_object()) {
      return absl::InvalidArgumentError(
          absl::StrCat(what, ": expected objects under 'partitions'"));
    }
    partitions.push_back(one.get_object());
  }
  return partitions;
}

absl::StatusOr<TopicPartition> IdOf(const boost::json::object& object) {
  ROOKERY_ASSIGN_OR_RETURN(std::string topic, StringOf(object, "topic"));
  ROOKERY_ASSIGN_OR_RETURN(int32_t partition, Int32Of(object, "partition"));
  return TopicPartition(std::move(topic), partition);
}

absl::StatusOr<int64_t> DecimalOf(const boost::json::object& object, absl::string_view key) {
  ROOKERY_ASSIGN_OR_RETURN(std::string text, StringOf(object, key));
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a decimal number under '", key, "', found '", text, "'"));
  }
  return number;
}

}  // namespace

std::string EncodeReassignment(const std::map<TopicPartition, Replicas>& moves) {
  boost::json::array partitions;
  for (const auto& [id, replicas] : moves) {
    partitions.push_back(boost::json::object{
        {"topic", id.first}, {"partition", id.second}, {"replicas", ToArray(replicas)}});
  }
  return boost::json::serialize(
      boost::json::object{{"version", 1}, {"partitions", std::move(partitions)}});
}

absl::StatusOr<std::map<TopicPartition, Replicas>> DecodeReassignment(absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(const auto partitions, PartitionsOf(json, "/admin/reassign_partitions"));
  std::map<TopicPartition, Replicas> moves;
  for (const boost::json::object& one : partitions) {
    ROOKERY_ASSIGN_OR_RETURN(TopicPartition id, IdOf(one));
    const boost::json::value* replicas = one.if_contains("replicas");
    if (replicas == nullptr) return absl::InvalidArgumentError("expected a list under 'replicas'");
    ROOKERY_ASSIGN_OR_RETURN(moves[std::move(id)], IntegersOf(*replicas, "replicas"));
  }
  return moves;
}

std::string EncodePreferredElection(const std::vector<TopicPartition>& partitions) {
  boost::json::array list;
  for (const TopicPartition& id : partitions) {
    list.push_back(boost::json::object{{"topic", id.first}, {"partition", id.second}});
  }
  return boost::json::serialize(
      boost::json::object{{"version", 1}, {"partitions", std::move(list)}});
}

absl::StatusOr<std::vector<TopicPartition>> DecodePreferredElection(absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(const auto partitions,
                           PartitionsOf(json, "/admin/preferred_replica_election"));
  std::vector<TopicPartition> ids;
  for (const boost::json::object& one : partitions) {
    ROOKERY_ASSIGN_OR_RETURN(TopicPartition id, IdOf(one));
    ids.push_back(std::move(id));
  }
  return ids;
}

std::string EncodeProducerIdBlock(const ProducerIdBlock& block) {
  return boost::json::serialize(boost::json::object{{"version", 1},
                                                    {"broker", block.broker},
                                                    {"block_start", absl::StrCat(block.first)},
                                                    {"block_end", absl::StrCat(block.last)}});
}

absl::StatusOr<ProducerIdBlock> DecodeProducerIdBlock(absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(boost::json::object object,
                           ParseObject(json, "/latest_producer_id_block"));
  ProducerIdBlock block;
  ROOKERY_ASSIGN_OR_RETURN(block.broker, Int32Of(object, "broker"));
  ROOKERY_ASSIGN_OR_RETURN(block.first, DecimalOf(object, "block_start"));
  ROOKERY_ASSIGN_OR_RETURN(block.last, DecimalOf(object, "block_end"));
  return block;
}

}  // namespace rookery::kafka
