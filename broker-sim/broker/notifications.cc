#include "broker-sim/broker/notifications.h"

#include <utility>

#include "absl/strings/numbers.h"
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
  const auto names = co_await session_->GetChildren(root_);
  if (!names.ok()) co_return;
  for (const std::string& name : names.value.children) {  // sorted, so in order of sequence
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
