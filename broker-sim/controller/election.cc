// kafka-on-zookeeper 3.2.
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

using model::ErrorCode;

Controller::Controller(ControllerOptions options, Session* session, Fabric* fabric,
                       Executor* executor, const Clock* clock, Timeline* timeline)
    : options_(std::move(options)),
      session_(session),
      fabric_(fabric),
      executor_(executor),
      clock_(clock),
      timeline_(timeline),
      random_(options_.seed),
      events_(executor),
      decided_changed_(executor),
      channels_(fabric, executor, [this](int32_t broker, const StopReplicaResponse& response) {
        Push([this, broker, deleted = response.deleted] {
          return OnReplicasRemoved(broker, deleted);
        });
      }) {}

Async<> Controller::Run() {
  session_->OnNode(std::string(kafka::kControllerPath), [this](client::WatchEvent::Kind kind) {
    const bool deleted = kind == client::WatchEvent::Kind::kDeleted;
    Push([this, deleted] { return OnControllerNode(deleted); });
  });
  co_await session_->Exists(std::string(kafka::kControllerPath));
  if (active_) {
    decided_ = true;
    Push([this] { return OnBrokersChanged(); });  // the planted mistake: it believes it still leads
  } else {
    co_await Elect();
  }
  while (true) {
    Event event = co_await events_.Next();
    co_await event();
  }
}

Async<> Controller::OnControllerNode(bool deleted) {
  co_await MaybeResign();
  if (deleted) co_await Elect();
}

Async<> Controller::Decided() {
  constexpr int64_t kLookUs = 1'000'000;
  while (!decided_) co_await decided_changed_.Wait(kLookUs);
}

Async<> Controller::Elect() {
  const bool won = co_await TryElect();
  decided_ = true;
  decided_changed_.Notify();
  if (!won) co_return;
  if (options_.take_over != nullptr) {
    co_await options_.take_over(options_.broker, epoch_, epoch_version_);
  } else {
    co_await Failover();
  }
}

Async<bool> Controller::TryElect() {
  const std::string epoch_path(kafka::kControllerEpochPath);
  const auto present = co_await session_->GetData(std::string(kafka::kControllerPath));
  if (present.error != ErrorCode::kNoNode) co_return false;  // somebody leads
  auto node = co_await session_->GetData(epoch_path);
  if (node.error == ErrorCode::kNoNode) {
    model::Data zero = kafka::EncodeControllerEpoch(0);
    const auto created = co_await session_->Create(epoch_path, std::move(zero));
    if (created.ok()) {
      node = {};
      node.value.data = kafka::EncodeControllerEpoch(0);
    } else {
      node = co_await session_->GetData(epoch_path);
    }
  }
  if (!node.ok()) co_return false;
  const auto epoch = kafka::DecodeControllerEpoch(node.value.data.value_or(""));
  if (!epoch.ok()) {
    Tell({.name = "error", .text = std::string(epoch.status().message())});
    co_return false;
  }
  model::MultiRequest elect;
  elect.parts.push_back(
      model::CreateRequest{.path = std::string(kafka::kControllerPath),
                           .data = kafka::EncodeController({options_.broker, clock_->WallMs()}),
                           .acl = *model::OpenAcl(),
                           .flags = model::kEphemeral});
  elect.parts.push_back(model::SetDataRequest{.path = epoch_path,
                                              .data = kafka::EncodeControllerEpoch(*epoch + 1),
                                              .version = node.value.stat.version});
  const auto elected = co_await session_->Multi(std::move(elect));
  if (elected.ok()) {
    Win(*epoch + 1, std::get<model::StatReply>(elected.value.parts[1].body).stat);
    co_return true;
  }
  const bool won_after_all = co_await WonAfterAll(*epoch + 1);
  if (!won_after_all) co_await MaybeResign();
  co_return won_after_all;
}

// After a lost connection the election may have been won by the try that got no answer.
Async<bool> Controller::WonAfterAll(int32_t epoch) {
  const auto holder = co_await session_->GetData(std::string(kafka::kControllerPath));
  const auto controller = kafka::DecodeController(holder.value.data.value_or(""));
  if (!holder.ok() || !controller.ok() || controller->broker != options_.broker ||
      holder.value.stat.ephemeral_owner != session_->client().session()) {
    co_return false;
  }
  const auto node = co_await session_->GetData(std::string(kafka::kControllerEpochPath));
  const auto written = kafka::DecodeControllerEpoch(node.value.data.value_or(""));
  if (!node.ok() || !written.ok() || *written != epoch) co_return false;
  Win(epoch, node.value.stat);
  co_return true;
}

void Controller::Win(int32_t epoch, const model::Stat& stat) {
  epoch_ = epoch;
  epoch_version_ = stat.version;
  active_ = true;
  Tell({.name = "controller_elected",
        .text = absl::StrCat("broker ", options_.broker, " is the controller, epoch ", epoch_),
        .numbers = {{"epoch", epoch_}}});
  if (options_.on_elected) options_.on_elected(options_.broker, epoch_, stat.mzxid);
}

// It resigns only if somebody else, or nobody, holds the role: an epoch that was changed behind its
// back alone lets it keep the role, and every write fails.
Async<> Controller::MaybeResign() {
  const std::string path(kafka::kControllerPath);
  co_await session_->Exists(path);
  const auto node = co_await session_->GetData(path);
  const auto holder = kafka::DecodeController(node.value.data.value_or(""));
  const bool mine = node.ok() && holder.ok() && holder->broker == options_.broker;
  if (active_ && !mine && !options_.ignores_fence) Resign();
}

void Controller::Resign() {
  active_ = false;
  Tell({.name = "controller_resigned",
        .text = absl::StrCat("broker ", options_.broker, " is no longer the controller, epoch ",
                             epoch_, " is over"),
        .numbers = {{"epoch", epoch_}}});
  session_->ForgetHandlersBut({std::string(kafka::kControllerPath),
                               std::string(kafka::kFeaturePath),
                               std::string(kafka::kConfigChangesPath)});
  channels_.RemoveAll();
  scope_.Clear();
  context_ = {};
  batch_ = {};
  removed_.clear();
}

void Controller::TakeOverFrom(Controller&& before) {
  active_ = before.active_;
  epoch_ = before.epoch_;
  epoch_version_ = before.epoch_version_;
  context_ = std::move(before.context_);
  for (const auto& [id, epoch] : context_.live) channels_.Add(id);
}

}  // namespace rookery::broker_sim
