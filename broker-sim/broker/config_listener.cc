#include "broker-sim/broker/config_listener.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {
namespace {

bool IsQuota(absl::string_view entity_path) {
  return absl::StartsWith(entity_path, "clients/") || absl::StartsWith(entity_path, "users/") ||
         absl::StartsWith(entity_path, "ips/");
}

}  // namespace

ConfigListener::ConfigListener(int32_t broker, Session* session, Executor* executor,
                               const Clock* clock, Timeline* timeline,
                               kafka::ConfigsByEntity* configs)
    : broker_(broker),
      session_(session),
      timeline_(timeline),
      configs_(configs),
      notifications_(std::string(kafka::kConfigChangesPath), session, executor, clock,
                     [this](std::string data) { return Handle(std::move(data)); }) {}

// Users are listed twice: for themselves, and with each one's clients.
Async<> ConfigListener::ReadAll() {
  for (const char* root : {"topics", "clients", "users"}) co_await ReadEntities(root);
  const auto users = co_await session_->GetChildren("/config/users");
  for (const std::string& user : users.value.children) {
    co_await ReadEntities(absl::StrCat("users/", user, "/clients"));
  }
  for (const char* root : {"ips", "brokers"}) co_await ReadEntities(root);
  started_ = true;
}

Async<> ConfigListener::ReadEntities(std::string root) {
  const std::string path = absl::StrCat("/config/", root);
  const auto names = co_await session_->GetChildren(path);
  for (const std::string& name : names.value.children) {
    const auto node = co_await session_->GetData(model::ChildPath(path, name));
    if (!node.ok()) continue;
    const std::string entity = absl::StrCat(root, "/", name);
    (*configs_)[entity] = kafka::DecodeConfig(node.value.data.value_or(""));
    if (on_applied_ != nullptr) on_applied_(entity);
  }
}

Async<> ConfigListener::Handle(std::string notification) {
  const auto entity = kafka::DecodeConfigChange(notification);
  if (!entity.ok()) {  // logged and skipped, as Kafka does; the sequence goes on
    timeline_->Tell(
        {.name = "error", .broker = broker_, .text = std::string(entity.status().message())});
    co_return;
  }
  const auto node = co_await session_->GetData(absl::StrCat("/config/", *entity));
  const kafka::ConfigMap config = kafka::DecodeConfig(node.value.data.value_or(""));
  if (node.ok()) {
    (*configs_)[*entity] = config;
  } else {
    configs_->erase(*entity);
  }
  if (on_applied_ != nullptr) on_applied_(*entity);
  if (!started_) co_return;  // what stood before the start is no news
  const std::string values = absl::StrJoin(config, ",", absl::PairFormatter("="));
  timeline_->Tell({.name = IsQuota(*entity) ? "quota_applied" : "config_applied",
                   .broker = broker_,
                   .text = absl::StrCat("broker ", broker_, " took over ", *entity, ": ",
                                        values.empty() ? "nothing set" : values),
                   .words = {{"entity", *entity}, {"config", values}}});
}

}  // namespace rookery::broker_sim
