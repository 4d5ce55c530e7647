// What leaders ask for: kafka-on-zookeeper 3.7, the checks in Kafka's order.
#include "broker-sim/controller/controller.h"

namespace rookery::broker_sim {

void Controller::Take(AlterPartitionRequest request, Reply<AlterPartitionResponse> reply) {
  auto held = std::make_shared<Reply<AlterPartitionResponse>>(std::move(reply));
  Push([this, request = std::move(request), held] { return AlterIsr(request, held.get()); });
}

Async<> Controller::AlterIsr(AlterPartitionRequest request, Reply<AlterPartitionResponse>* reply) {
  AlterPartitionResponse response;
  const auto broker = context_.live.find(request.broker);
  const auto known = context_.partitions.find(request.id);
  const auto told = [&] {
    return PartitionLeadership{.id = request.id,
                               .state = known->second.state,
                               .version = known->second.version,
                               .replicas = known->second.replicas};
  };
  const bool knows = known != context_.partitions.end() && known->second.version >= 0;
  const kafka::PartitionState state = knows ? known->second.state : kafka::PartitionState();
  if (!active_) {
    response.error = Error::kNotController;
  } else if (broker == context_.live.end() || request.broker_epoch != broker->second) {
    response.error = Error::kStaleBrokerEpoch;
  } else if (!knows || context_.deleting.contains(request.id.first)) {
    response.error = Error::kUnknownTopicOrPartition;
  } else if (request.leader_epoch > state.leader_epoch || request.version > known->second.version) {
    response.error = Error::kNotController;  // the leader knows more than this controller
  } else if (request.leader_epoch < state.leader_epoch) {
    response.error = Error::kFencedLeaderEpoch;
  } else if (request.isr == state.isr && request.recovering == state.recovering) {
    response.now = told();  // it is so already
    (*reply)(std::move(response));
    co_return;
  } else if (request.version < known->second.version) {
    response.error = Error::kInvalidUpdateVersion;
  } else if (request.recovering && (request.isr.size() > 1 || !state.recovering)) {
    response.error = Error::kInvalidRequest;
  } else {
    for (const int32_t member : request.isr) {
      if (!context_.IsOnline(member)) response.error = Error::kIneligibleReplica;
    }
  }
  if (response.error != Error::kNone) {
    (*reply)(std::move(response));
    co_return;
  }
  kafka::PartitionState wanted = state;
  wanted.isr = request.isr;
  wanted.recovering = request.recovering;
  const bool grows = wanted.isr.size() > state.isr.size();
  const Written written = co_await WriteState(request.id, std::move(wanted));
  if (written != Written::kDone || !context_.partitions.contains(request.id)) {
    response.error =
        written == Written::kConflict ? Error::kInvalidUpdateVersion : Error::kNotController;
    if (written == Written::kConflict) co_await ReadState(request.id);
    (*reply)(std::move(response));
    co_return;
  }
  response.now = told();
  (*reply)(std::move(response));
  // Kafka reads the state again and tells everybody.
  co_await ReadState(request.id);
  batch_.AddUpdateMetadata(context_.LiveIds(), {request.id});
  SendBatch();
  if (grows) {
    Tell({.name = "isr_expanded",
          .text = absl::StrCat(request.id.first, "-", request.id.second, ": ", request.isr.back(),
                               " is in sync again"),
          .numbers = {{"id", request.isr.back()}, {"partition", request.id.second}},
          .words = {{"topic", request.id.first}}});
  }
  if (context_.partitions.contains(request.id) && PartitionOf(request.id).reassigning()) {
    co_await OnReassignment(request.id);
  }
}

}  // namespace rookery::broker_sim
