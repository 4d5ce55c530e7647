#include "broker-sim/broker/config_listener.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {
namespace {

// Notifications older than this are removed by whoever sees them.
constexpr int64_t kChangeLifeMs = 15 * 60 * 1000;

// The number at the end of "config_change_0000000042", -1 if there is none.
int64_t SequenceOf(absl::string_view name) {
  constexpr size_t kDigits = 10;
  int64_t number = -1;
  if (name.size() < kDigits || !absl::SimpleAtoi(name.substr(name.size() - kDigits), &number)) {
    return -1;
  }
  return number;
}

bool IsQuota(absl::string_view entity_path) {
  return absl::StartsWith(entity_path, "clients/") || absl::StartsWith(entity_path, "users/") ||
         absl::StartsWith(entity_path, "ips/");
}

}  // namespace

ConfigListener::ConfigListener(int32_t broker, Session* session, const Clock* clock,
                               Timeline* timeline, std::function<void()> wake)
    : broker_(broker),
      session_(session),
      clock_(clock),
      timeline_(timeline),
      wake_(std::move(wake)) {}

Async<> ConfigListener::Start() {
  co_await OnChanges();
  for (const char* root : {"topics", "clients", "users", "ips", "brokers"}) {
    co_await ReadAll(root);
  }
  started_ = true;
}

Async<> ConfigListener::ReadAll(std::string root) {
  const std::string path = absl::StrCat("/config/", root);
  const auto names = co_await session_->GetChildren(path);
  if (!names.ok()) co_return;
  for (const std::string& name : names.value.children) {
    const auto node = co_await session_->GetData(model::ChildPath(path, name));
    if (node.ok()) {
      configs_[absl::StrCat(root, "/", name)] = kafka::DecodeConfig(node.value.data.value_or(""));
    }
    // A user's clients have quotas of their own.
    if (root == "users") co_await ReadAll(absl::StrCat("users/", name, "/clients"));
  }
}

Async<> ConfigListener::OnChanges() {
  const std::string root(kafka::kConfigChangesPath);
  client::Watch watch = [wake = wake_](const client::WatchEvent& event) {
    if (event.kind == client::WatchEvent::Kind::kChildrenChanged) wake();
  };
  const auto names = co_await session_->GetChildren(root, std::move(watch));
  if (!names.ok()) co_return;
  for (const std::string& name : names.value.children) {  // sorted, so in order of sequence
    const int64_t sequence = SequenceOf(name);
    const auto node = co_await session_->GetData(model::ChildPath(root, name));
    if (!node.ok()) continue;
    if (sequence > last_) {
      last_ = sequence;
      co_await Handle(node.value.data.value_or(""));
    }
    co_await Purge(model::ChildPath(root, name), node.value.stat.ctime_ms);
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
    configs_[*entity] = config;
  } else {
    configs_.erase(*entity);
  }
  if (!started_) co_return;  // what stood before the start is no news
  const std::string values = absl::StrJoin(config, ",", absl::PairFormatter("="));
  timeline_->Tell({.name = IsQuota(*entity) ? "quota_applied" : "config_applied",
                   .broker = broker_,
                   .text = absl::StrCat("broker ", broker_, " took over ", *entity, ": ",
                                        values.empty() ? "nothing set" : values),
                   .words = {{"entity", *entity}, {"config", values}}});
}

Async<> ConfigListener::Purge(std::string path, int64_t ctime_ms) {
  if (clock_->WallMs() - ctime_ms > kChangeLifeMs) co_await session_->Delete(path);
}

}  // namespace rookery::broker_sim
