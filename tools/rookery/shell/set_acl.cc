#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::Status RunSetAcl(Shell& shell, const Arguments& arguments) {
  const std::string& path = arguments.word(0);
  ROOKERY_ASSIGN_OR_RETURN(const model::Acl acl, ParseAcl(arguments.word(1)));
  ROOKERY_ASSIGN_OR_RETURN(const std::optional<int32_t> version, arguments.Number('v'));
  std::vector<std::string> paths = {path};
  if (arguments.Has('R')) {
    ROOKERY_ASSIGN_OR_RETURN(paths, WalkTree(shell, path));
  }
  for (const std::string& one : paths) {
    const auto result = shell.client.SetAcl({one, acl, version.value_or(-1)});
    ROOKERY_RETURN_IF_ERROR(ErrorStatus(result, one));
    if (arguments.Has('s')) shell.out << StatText(result.value.stat);
  }
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
