// Writes of a controller: each a multi of the check of its epoch and one operation, so that what a
// controller of an earlier epoch still wants to write is refused. kafka-on-zookeeper 3.2.
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

using model::ErrorCode;

Async<client::Result<model::MultiReply>> Controller::Fenced(model::MultiRequest::Part operation) {
  model::MultiRequest multi;
  // A planted mistake writes without the check. A check that always holds keeps the reply's form.
  if (options_.ignores_fence) {
    multi.parts.push_back(model::CheckRequest{.path = std::string(kafka::kControllerEpochPath)});
  } else {
    multi.parts.push_back(model::CheckRequest{.path = std::string(kafka::kControllerEpochPath),
                                              .version = epoch_version_});
  }
  multi.parts.push_back(std::move(operation));
  auto result = co_await session_->Multi(std::move(multi));
  const bool fenced =
      !result.value.parts.empty() && result.value.parts[0].error == ErrorCode::kBadVersion;
  if (fenced && active_) {
    Tell({.name = "controller_fenced",
          .text = absl::StrCat("broker ", options_.broker,
                               ": a write was refused, controller epoch ", epoch_, " is over"),
          .numbers = {{"epoch", epoch_}}});
    co_await MaybeResign();
  }
  co_return result;
}

Async<client::Result<model::MultiReply>> Controller::CreateFenced(std::string path,
                                                                  model::Data data) {
  model::CreateRequest create;
  create.path = std::move(path);
  create.data = std::move(data);
  create.acl = *model::OpenAcl();
  co_return co_await Fenced(std::move(create));
}

Async<client::Result<model::MultiReply>> Controller::DeleteFenced(std::string path) {
  model::DeleteRequest remove;
  remove.path = std::move(path);
  co_return co_await Fenced(std::move(remove));
}

Async<client::Result<model::MultiReply>> Controller::SetFenced(std::string path, model::Data data,
                                                               int32_t version) {
  model::SetDataRequest set;
  set.path = std::move(path);
  set.data = std::move(data);
  set.version = version;
  co_return co_await Fenced(std::move(set));
}

}  // namespace rookery::broker_sim
