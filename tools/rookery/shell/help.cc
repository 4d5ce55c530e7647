#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/rookery/shell/command.h"

namespace rookery::tools::shell {

absl::Status RunHelp(Shell& shell, const Arguments& arguments) {
  if (const auto name = arguments.WordOrNone(0)) {
    const Command* command = FindCommand(*name);
    if (command == nullptr) return absl::NotFoundError(absl::StrCat("no command ", *name));
    shell.out << command->usage << "\n    " << command->summary << "\n";
    return absl::OkStatus();
  }
  for (const Command& command : Commands()) {
    shell.out << absl::StrFormat("%-42s %s\n", command.usage, command.summary);
  }
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
