#include "tools/rookery/shell/command.h"

namespace rookery::tools::shell {
namespace {

absl::Status RunQuit(Shell& shell, const Arguments&) {
  shell.quit = true;
  return absl::OkStatus();
}

}  // namespace

const std::vector<Command>& Commands() {
  static const std::vector<Command> commands = {
      {"ls",
       "ls [-s] [-w] [-R] path",
       "children of a node; -s its stat, -w watch, -R all below",
       {"swR", "", 1, 1},
       RunList},
      {"get",
       "get [-s] [-w] path",
       "data of a node; -s its stat, -w watch",
       {"sw", "", 1, 1},
       RunGet},
      {"set", "set [-s] [-v version] path data", "change a node's data", {"s", "v", 2, 2}, RunSet},
      {"create",
       "create [-s] [-e] [-c] path [data] [acl]",
       "make a node; -s sequential, -e ephemeral, -c container: goes after its last child",
       {"sec", "", 1, 3},
       RunCreate},
      {"delete",
       "delete [-v version] path",
       "remove a node without children",
       {"", "v", 1, 1},
       RunDelete},
      {"deleteall",
       "deleteall path",
       "remove a node and all below it",
       {"", "", 1, 1},
       RunDeleteAll},
      {"stat", "stat [-w] path", "numbers of a node; -w watch", {"w", "", 1, 1}, RunStat},
      {"watch",
       "watch path",
       "tell every change of a node and its children until interrupted",
       {"", "", 1, 1},
       RunWatch,
       true},
      {"getAcl", "getAcl [-s] path", "who may do what; -s the stat", {"s", "", 1, 1}, RunGetAcl},
      {"setAcl",
       "setAcl [-s] [-v version] [-R] path acl",
       "change who may do what: scheme:id:permissions,... of cdrwa; -R all below",
       {"sR", "v", 2, 2},
       RunSetAcl},
      {"addauth",
       "addauth scheme auth",
       "present a credential: addauth digest user:password",
       {"", "", 2, 2},
       RunAddAuth,
       true},
      {"sync",
       "sync path",
       "wait until this server has everything that was done before",
       {"", "", 1, 1},
       RunSync},
      {"help", "help [command]", "this list, or a command's usage", {"", "", 0, 1}, RunHelp, true},
      {"quit", "quit", "leave; ephemeral nodes made here go", {"", "", 0, 0}, RunQuit, true},
  };
  return commands;
}

const Command* FindCommand(absl::string_view name) {
  for (const Command& command : Commands()) {
    if (name == command.name) return &command;
  }
  return nullptr;
}

}  // namespace rookery::tools::shell
