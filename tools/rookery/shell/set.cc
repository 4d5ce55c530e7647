#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::Status RunSet(Shell& shell, const Arguments& arguments) {
  const std::string& path = arguments.word(0);
  ROOKERY_ASSIGN_OR_RETURN(const std::optional<int32_t> version, arguments.Number('v'));
  const auto result = shell.client.SetData({path, arguments.word(1), version.value_or(-1)});
  ROOKERY_RETURN_IF_ERROR(ErrorStatus(result, path));
  if (arguments.Has('s')) shell.out << StatText(result.value.stat);
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
