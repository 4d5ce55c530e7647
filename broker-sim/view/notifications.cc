// Changes that Kafka announces by sequential nodes: configurations and ACLs. Source:
// kafka-on-zookeeper 3.12.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "broker-sim/async/sequence.h"
#include "broker-sim/view/observer.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {

// What stood at the start is no news; a root that comes later brings only news.
Async<> Observer::FollowChanges(std::string root, Handle handle) {
  using Kind = client::WatchEvent::Kind;
  constexpr int64_t kRootMissingRetryUs = 1'000'000;
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
      if (change.ok()) co_await handle(change.value.data.value_or(""));
    }
    first = false;
    if (co_await fired == Kind::kSessionLost) co_return;
  }
}

Async<> Observer::ReadChangedConfig(std::string change) {
  const auto entity = kafka::DecodeConfigChange(change);
  if (!entity.ok()) co_return;
  const auto node = co_await session_->GetData(absl::StrCat("/config/", *entity));
  listener_->OnConfig(*entity, kafka::DecodeConfig(node.value.data.value_or("")));
}

Async<> Observer::TellChangedAcl(std::string change) {
  listener_->OnAcl(change);
  co_return;
}

}  // namespace rookery::broker_sim
