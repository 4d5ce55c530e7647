#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::Status RunGet(Shell& shell, const Arguments& arguments) {
  const std::string& path = arguments.word(0);
  const bool watch = arguments.Has('w');
  const auto result = shell.client.GetData(path, watch ? shell.MakeWatch() : nullptr);
  ROOKERY_RETURN_IF_ERROR(ErrorStatus(result, path));
  shell.out << result.value.data.value_or("null") << "\n";
  if (arguments.Has('s')) shell.out << StatText(result.value.stat);
  if (watch) shell.wait_for_event();
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
