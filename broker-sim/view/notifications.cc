// Changes that Kafka announces by sequential nodes: configurations and ACLs. Source:
// kafka-on-zookeeper 3.12.
#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "broker-sim/view/observer.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {
namespace {

using Kind = client::WatchEvent::Kind;
constexpr int64_t kRootMissingRetryUs = 1'000'000;

// The number at the end of "config_change_0000000042", -1 if there is none.
int64_t SequenceOf(absl::string_view name) {
  constexpr size_t kDigits = 10;
  int64_t number = -1;
  if (name.size() < kDigits || !absl::SimpleAtoi(name.substr(name.size() - kDigits), &number)) {
    return -1;
  }
  return number;
}

}  // namespace

// What stood at the start is no news.
Async<> Observer::FollowConfigChanges() {
  const std::string root(kafka::kConfigChangesPath);
  int64_t last = -1;
  for (bool first = true;;) {
    Completion<Kind> fired;
    Session::Watch watch = [fire = fired.Callback()](const client::WatchEvent& event) mutable {
      fire(event.kind);
    };
    auto names = co_await session_->GetChildren(root, std::move(watch));
    if (!names.ok()) {
      co_await Sleep(executor_, kRootMissingRetryUs);
      continue;
    }
    // No server promises an order.
    std::sort(names.value.children.begin(), names.value.children.end());
    for (const std::string& name : names.value.children) {
      const int64_t sequence = SequenceOf(name);
      if (sequence <= last) continue;
      last = sequence;
      if (first) continue;
      const auto change = co_await session_->GetData(model::ChildPath(root, name));
      const auto entity = kafka::DecodeConfigChange(change.value.data.value_or(""));
      if (!change.ok() || !entity.ok()) continue;
      const auto node = co_await session_->GetData(absl::StrCat("/config/", *entity));
      listener_->OnConfig(*entity, kafka::DecodeConfig(node.value.data.value_or("")));
    }
    first = false;
    if (co_await fired == Kind::kSessionLost) co_return;
  }
}

// The roots are there only in clusters with an authorizer.
Async<> Observer::FollowAclChanges(std::string root) {
  int64_t last = -1;
  for (bool first = true;;) {
    Completion<Kind> fired;
    Session::Watch watch = [fire = fired.Callback()](const client::WatchEvent& event) mutable {
      fire(event.kind);
    };
    auto names = co_await session_->GetChildren(root, std::move(watch));
    if (!names.ok()) {
      first = false;
      co_await Sleep(executor_, kRootMissingRetryUs);
      continue;
    }
    // No server promises an order.
    std::sort(names.value.children.begin(), names.value.children.end());
    for (const std::string& name : names.value.children) {
      const int64_t sequence = SequenceOf(name);
      if (sequence <= last) continue;
      last = sequence;
      if (first) continue;
      const auto change = co_await session_->GetData(model::ChildPath(root, name));
      if (change.ok()) listener_->OnAcl(change.value.data.value_or(""));
    }
    first = false;
    if (co_await fired == Kind::kSessionLost) co_return;
  }
}

}  // namespace rookery::broker_sim
