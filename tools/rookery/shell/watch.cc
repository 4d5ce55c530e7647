#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <ostream>
#include <utility>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

namespace {

// What the client's thread tells this one.
struct News {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<client::WatchEvent> events;  // guarded by mutex
};

constexpr auto kInterruptPoll = std::chrono::milliseconds(100);

}  // namespace

absl::Status RunWatch(Shell& shell, const Arguments& arguments) {
  const std::string& path = arguments.word(0);
  // Shared, since a watch may outlive this command.
  auto news = std::make_shared<News>();
  const auto watch = [news](const client::WatchEvent& event) {
    const std::lock_guard lock(news->mutex);
    news->events.push_back(event);
    news->changed.notify_all();
  };
  bool there = false;    // the node, as far as we know
  bool watched = false;  // its data, or its creation
  bool children_watched = false;
  while (!*shell.interrupted) {
    if (!std::exchange(watched, true)) {
      const auto exists = shell.client.Exists(path, watch);
      there = exists.ok();
      if (!there && exists.error != model::ErrorCode::kNoNode) return ErrorStatus(exists, path);
    }
    if (there && !std::exchange(children_watched, true)) {
      const auto children = shell.client.GetChildren(path, watch);
      if (!children.ok() && children.error != model::ErrorCode::kNoNode) {
        return ErrorStatus(children, path);
      }
    }
    std::unique_lock lock(news->mutex);
    news->changed.wait_for(lock, kInterruptPoll, [&] { return !news->events.empty(); });
    const auto events = std::exchange(news->events, {});
    lock.unlock();
    for (const client::WatchEvent& event : events) {
      using Kind = client::WatchEvent::Kind;
      // The end of a node is told to the watch of its data and to that of its children.
      if (event.kind == Kind::kDeleted && !std::exchange(there, false)) continue;
      shell.out << client::EventName(event.kind) << " " << event.path << std::endl;
      if (event.kind == Kind::kSessionLost) return absl::UnavailableError("the session is over");
      if (event.kind != Kind::kChildrenChanged) watched = false;
      if (event.kind != Kind::kDataChanged) children_watched = false;
    }
  }
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
