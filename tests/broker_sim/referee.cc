#include "tests/broker_sim/referee.h"

#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {
namespace {

bool IsElection(const client::Operation& operation) {
  const auto* write = std::get_if<model::WriteOperation>(&operation);
  if (write == nullptr) return false;
  const auto* multi = std::get_if<model::MultiRequest>(write);
  if (multi == nullptr || multi->parts.empty()) return false;
  const auto* create = std::get_if<model::CreateRequest>(&multi->parts[0]);
  return create != nullptr && create->path == kafka::kControllerPath;
}

}  // namespace

void RefereedClient::Submit(client::Operation operation, client::Watch watch, client::Answer done,
                            int32_t timeout_ms) {
  if (!IsElection(operation)) {
    return client_->Submit(std::move(operation), std::move(watch), std::move(done), timeout_ms);
  }
  referee_->Attempt(broker_, [this, operation = std::move(operation), watch = std::move(watch),
                              done = std::move(done), timeout_ms]() mutable {
    client_->Submit(
        std::move(operation), std::move(watch),
        [referee = referee_, broker = broker_,
         done = std::move(done)](client::Result<model::ReplyBody> result) mutable {
          done(std::move(result));
          referee->Answered(broker);
        },
        timeout_ms);
  });
}

}  // namespace rookery::broker_sim
