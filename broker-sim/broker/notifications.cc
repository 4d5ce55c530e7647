#include "broker-sim/broker/notifications.h"

#include <algorithm>
#include <utility>

#include "broker-sim/async/sequence.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {
namespace {

// Notifications older than this are removed by whoever sees them.
constexpr int64_t kChangeLifeMs = 15 * 60 * 1000;

}  // namespace

Notifications::Notifications(std::string root, Session* session, Executor* executor,
                             const Clock* clock, Handle handle)
    : root_(std::move(root)),
      session_(session),
      clock_(clock),
      handle_(std::move(handle)),
      changed_(executor) {
  session_->OnChildren(root_, [this](auto) {
    if (!std::exchange(told_, true)) changed_.Push(true);
  });
}

Async<> Notifications::Follow(bool now) {
  if (now) co_await Catch();
  while (true) {
    co_await changed_.Next();
    told_ = false;
    co_await Catch();
  }
}

Async<> Notifications::Catch() {
  auto names = co_await session_->GetChildren(root_);
  if (!names.ok()) co_return;
  // No server promises an order, and what came before the last one would be passed over.
  std::sort(names.value.children.begin(), names.value.children.end());
  for (const std::string& name : names.value.children) {
    const int64_t sequence = SequenceOf(name);
    if (sequence <= last_) continue;
    const auto node = co_await session_->GetData(model::ChildPath(root_, name));
    if (!node.ok()) continue;
    last_ = sequence;
    std::string data = node.value.data.value_or("");
    co_await handle_(std::move(data));
  }
  for (const std::string& name : names.value.children) {
    const std::string path = model::ChildPath(root_, name);
    const auto node = co_await session_->GetData(path);
    if (node.ok() && clock_->WallMs() - node.value.stat.ctime_ms > kChangeLifeMs) {
      co_await session_->Delete(path);
    }
  }
}

}  // namespace rookery::broker_sim
