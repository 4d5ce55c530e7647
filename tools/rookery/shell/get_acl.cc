#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::Status RunGetAcl(Shell& shell, const Arguments& arguments) {
  const auto result = shell.client.GetAcl(arguments.word(0));
  ROOKERY_RETURN_IF_ERROR(ErrorStatus(result, arguments.word(0)));
  shell.out << AclText(result.value.acl);
  if (arguments.Has('s')) shell.out << StatText(result.value.stat);
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
