// rookery watch PATH [--recursive] [-- COMMAND]: prints changes, or runs a command for each.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <deque>
#include <iostream>
#include <memory>
#include <mutex>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "coordinator/client/recipes/cache/tree_cache.h"
#include "tools/rookery/recipes/child.h"
#include "tools/rookery/recipes/commands.h"
#include "tools/rookery/recipes/options.h"
#include "tools/rookery/recipes/session.h"

namespace rookery::tools::recipes {
namespace {

using client::recipes::TreeCache;

struct WatchCommand {
  std::string path;
  bool recursive = false;
  bool children = false;
  bool changes_only = false;
  int session_timeout_ms = 10000;
  std::vector<std::string> command;
};

struct Told {
  std::string change;  // "added", "changed", "removed"
  std::string path;
  std::string data;
  int32_t version = 0;
};

// From the client's thread to ours.
struct Queue {
  std::mutex mutex;
  std::deque<Told> told;  // guarded by mutex, as the others
  bool settled = false;
  std::string end;
};

std::string NameOf(TreeCache::Change change) {
  switch (change) {
    case TreeCache::Change::kAdded:
      return "added";
    case TreeCache::Change::kChanged:
      return "changed";
    case TreeCache::Change::kRemoved:
      return "removed";
  }
  return "";
}

TreeCache::Observer ObserverInto(Queue* queue, Signals* signals, bool changes_only) {
  TreeCache::Observer observer;
  observer.on_change = [=](TreeCache::Change change, const std::string& path,
                           const TreeCache::Node& node) {
    const std::lock_guard lock(queue->mutex);
    if (changes_only && !queue->settled) return;
    queue->told.push_back({NameOf(change), path, node.data.value_or(""), node.stat.version});
    signals->Wake();
  };
  observer.on_settled = [=] {
    const std::lock_guard lock(queue->mutex);
    queue->settled = true;
  };
  observer.on_end = [=](const absl::Status& why) {
    const std::lock_guard lock(queue->mutex);
    queue->end = std::string(why.message());
    signals->Wake();
  };
  return observer;
}

void Print(const Told& told) {
  std::cout << told.change << " " << told.path;
  if (told.change != "removed") {
    std::cout << " version " << told.version << " " << absl::CHexEscape(told.data);
  }
  std::cout << std::endl;
}

int RunFor(Signals* signals, const std::vector<std::string>& command, const Told& told) {
  return RunCommand(signals, command,
                    {{"ROOKERY_CHANGE", told.change},
                     {"ROOKERY_PATH", told.path},
                     {"ROOKERY_DATA", told.data},
                     {"ROOKERY_VERSION", absl::StrCat(told.version)}},
                    0, [] { return std::string(); });
}

int RunWatch(const GlobalOptions& global, const WatchCommand& command) {
  Signals signals;
  const auto client = Open(global, command.session_timeout_ms);
  if (!client.ok()) {
    std::cerr << "rookery watch: " << client.status().message() << "\n";
    return kExitFailed;
  }
  Queue queue;
  const int depth = command.recursive ? TreeCache::kWhole : command.children ? 1 : 0;
  const auto cache = (*client)->Make<TreeCache>(
      command.path, depth, ObserverInto(&queue, &signals, command.changes_only));
  while (true) {
    std::unique_lock lock(queue.mutex);
    if (queue.told.empty()) {
      if (!queue.end.empty()) {
        std::cerr << "rookery watch: " << queue.end << "\n";
        return kExitFailed;
      }
      lock.unlock();
      const int signal = signals.Wait(-1);
      if (signal != 0 && signal != SIGCHLD) return 128 + signal;
      continue;
    }
    const Told told = std::move(queue.told.front());
    queue.told.pop_front();
    lock.unlock();
    if (command.command.empty()) {
      Print(told);
    } else if (const int status = RunFor(&signals, command.command, told); status != 0) {
      return status;
    }
  }
}

}  // namespace

Run DefineWatch(CLI::App& app, const GlobalOptions& global) {
  auto command = std::make_shared<WatchCommand>();
  app.add_option("path", command->path, "the node; it need not exist yet")->required();
  AddCommand(app, &command->command);
  auto* const recursive =
      app.add_flag("--recursive", command->recursive, "all nodes below it as well");
  app.add_flag("--children", command->children, "its children as well")->excludes(recursive);
  app.add_flag("--changes-only", command->changes_only, "leave out what is there at first");
  AddSessionTimeout(app, &command->session_timeout_ms);
  app.footer(
      "Prints 'added|changed|removed PATH [version N DATA]', a line for each change. A command is\n"
      "run for each instead, one after the other, with ROOKERY_CHANGE, ROOKERY_PATH, ROOKERY_DATA\n"
      "and ROOKERY_VERSION; one that fails ends the watching with its status.");
  return [command, &global] { return RunWatch(global, *command); };
}

}  // namespace rookery::tools::recipes
