// A command of the shell: one file each.
#pragma once

#include <atomic>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/client/blocking.h"
#include "tools/rookery/shell/arguments.h"

namespace rookery::tools::shell {

// What commands work with.
struct Shell {
  client::BlockingClient& client;
  std::ostream& out;
  // Told about watch events, on the client's thread.
  std::function<void(const client::WatchEvent&)> on_event;
  bool interactive = false;
  // Waits until a watch has fired or the user interrupts. Without a terminal to come back to, a
  // command with -w would end before its watch could say anything.
  std::function<void()> wait_for_event;
  // Set when the user interrupts; long commands look at it.
  const std::atomic<bool>* interrupted = nullptr;
  bool quit = false;  // set by the command quit

  client::Watch MakeWatch() const {
    return [this](const client::WatchEvent& event) { on_event(event); };
  }
};

struct Command {
  const char* name;
  const char* usage;  // "ls [-s] [-w] [-R] path"
  const char* summary;
  Grammar grammar;
  // InvalidArgument: asked for wrongly, and the usage is shown; other errors are the answer.
  absl::Status (*run)(Shell& shell, const Arguments& arguments);
  bool interactive_only = false;
};

// Every command, in the order of help.
const std::vector<Command>& Commands();
// Null if there is none of this name.
const Command* FindCommand(absl::string_view name);

// One per file of this folder.
absl::Status RunList(Shell& shell, const Arguments& arguments);
absl::Status RunGet(Shell& shell, const Arguments& arguments);
absl::Status RunSet(Shell& shell, const Arguments& arguments);
absl::Status RunCreate(Shell& shell, const Arguments& arguments);
absl::Status RunDelete(Shell& shell, const Arguments& arguments);
absl::Status RunDeleteAll(Shell& shell, const Arguments& arguments);
absl::Status RunStat(Shell& shell, const Arguments& arguments);
absl::Status RunWatch(Shell& shell, const Arguments& arguments);
absl::Status RunGetAcl(Shell& shell, const Arguments& arguments);
absl::Status RunSetAcl(Shell& shell, const Arguments& arguments);
absl::Status RunAddAuth(Shell& shell, const Arguments& arguments);
absl::Status RunSync(Shell& shell, const Arguments& arguments);
absl::Status RunHelp(Shell& shell, const Arguments& arguments);

// Every node at and below `path`, parents before children, each list sorted.
absl::StatusOr<std::vector<std::string>> WalkTree(Shell& shell, const std::string& path);

}  // namespace rookery::tools::shell
