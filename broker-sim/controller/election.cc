#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

using model::ErrorCode;

Controller::Controller(int32_t broker, Session* session, const Clock* clock, Timeline* timeline,
                       Wakes wakes)
    : broker_(broker),
      session_(session),
      clock_(clock),
      timeline_(timeline),
      wakes_(std::move(wakes)) {}

Async<bool> Controller::Elect(std::function<void()> on_change) {
  const std::string controller_path(kafka::kControllerPath);
  const std::string epoch_path(kafka::kControllerEpochPath);
  const auto watch = [&on_change] {
    return client::Watch([wake = on_change](const client::WatchEvent& event) {
      if (event.kind != client::WatchEvent::Kind::kSessionLost) wake();
    });
  };
  // The exists watch stands also on a missing node, so no change of the slot is missed.
  client::Watch on_present = watch();
  const auto present = co_await session_->Exists(controller_path, std::move(on_present));
  if (present.ok()) {
    // Our own slot, as the winner's watch tells it, or somebody else's.
    active_ = active_ && present.value.stat.ephemeral_owner == session_->client().session();
    co_return false;
  }
  active_ = false;
  if (present.error != ErrorCode::kNoNode) co_return false;

  auto epoch_node = co_await session_->GetData(epoch_path);
  if (epoch_node.error == ErrorCode::kNoNode) {
    model::Data zero = kafka::EncodeControllerEpoch(0);
    co_await session_->Create(epoch_path, std::move(zero));
    epoch_node = co_await session_->GetData(epoch_path);
  }
  if (!epoch_node.ok()) co_return false;
  const auto epoch = kafka::DecodeControllerEpoch(epoch_node.value.data.value_or("0"));
  if (!epoch.ok()) {
    timeline_->Tell(
        {.name = "error", .broker = broker_, .text = std::string(epoch.status().message())});
    co_return false;
  }
  model::MultiRequest elect;
  elect.parts.push_back(model::CreateRequest{
      .path = controller_path,
      .data = kafka::EncodeController({.broker = broker_, .timestamp_ms = clock_->WallMs()}),
      .acl = *model::OpenAcl(),
      .flags = model::kEphemeral});
  elect.parts.push_back(model::SetDataRequest{.path = epoch_path,
                                              .data = kafka::EncodeControllerEpoch(*epoch + 1),
                                              .version = epoch_node.value.stat.version});
  const auto elected = co_await session_->Multi(std::move(elect));
  if (!elected.ok()) co_return false;
  epoch_ = *epoch + 1;
  const model::Stat& won = std::get<model::StatReply>(elected.value.parts[1].body).stat;
  epoch_version_ = won.version;
  elected_zxid_ = won.mzxid;
  active_ = true;
  timeline_->Tell({.name = "controller_elected",
                   .broker = broker_,
                   .text = absl::StrCat("broker ", broker_, " is the controller, epoch ", epoch_),
                   .numbers = {{"epoch", epoch_}}});
  co_return true;
}

Async<client::Result<model::MultiReply>> Controller::Fenced(model::MultiRequest::Part operation) {
  model::MultiRequest multi;
  multi.parts.push_back(model::CheckRequest{.path = std::string(kafka::kControllerEpochPath),
                                            .version = epoch_version_});
  multi.parts.push_back(std::move(operation));
  auto result = co_await session_->Multi(std::move(multi));
  const bool fenced =
      !result.value.parts.empty() && result.value.parts[0].error == ErrorCode::kBadVersion;
  if (fenced && active_) {
    active_ = false;
    timeline_->Tell({.name = "controller_fenced",
                     .broker = broker_,
                     .text = absl::StrCat("broker ", broker_, " was fenced: epoch ", epoch_,
                                          " is over, it resigns"),
                     .numbers = {{"epoch", epoch_}}});
  }
  co_return result;
}

Async<> Controller::CreateFenced(std::string path, model::Data data) {
  model::CreateRequest create;
  create.path = std::move(path);
  create.data = std::move(data);
  create.acl = *model::OpenAcl();
  co_await Fenced(std::move(create));
}

Async<> Controller::DeleteFenced(std::string path) {
  model::DeleteRequest remove;
  remove.path = std::move(path);
  co_await Fenced(std::move(remove));
}

}  // namespace rookery::broker_sim
