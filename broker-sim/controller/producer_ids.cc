// Blocks of producer ids: kafka-on-zookeeper 3.15.
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/admin.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

void Controller::Take(AllocateProducerIdsRequest request,
                      Reply<AllocateProducerIdsResponse> reply) {
  auto held = std::make_shared<Reply<AllocateProducerIdsResponse>>(std::move(reply));
  Push([this, held] { return AllocateIds(held.get()); });
}

// Unfenced, under the version that was read.
Async<> Controller::AllocateIds(Reply<AllocateProducerIdsResponse>* reply) {
  AllocateProducerIdsResponse response = {.error = Error::kNotController};
  const std::string path(kafka::kProducerIdBlockPath);
  while (active_) {
    const auto node = co_await session_->GetData(path);
    if (!node.ok()) break;
    kafka::ProducerIdBlock block = {.broker = options_.broker, .first = 0, .last = 999};
    if (node.value.data.has_value()) {
      const auto last = kafka::DecodeProducerIdBlock(*node.value.data);
      if (!last.ok()) {
        Tell({.name = "error", .text = std::string(last.status().message())});
        break;
      }
      block.first = last->last + 1;
      block.last = last->last + 1000;
    }
    model::Data data = kafka::EncodeProducerIdBlock(block);
    const auto written = co_await session_->SetData(path, std::move(data), node.value.stat.version);
    if (written.error == model::ErrorCode::kBadVersion) continue;
    if (!written.ok()) break;
    response = {.first = block.first, .last = block.last};
    break;
  }
  (*reply)(response);
}

}  // namespace rookery::broker_sim
