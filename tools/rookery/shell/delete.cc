#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::Status RunDelete(Shell& shell, const Arguments& arguments) {
  ROOKERY_ASSIGN_OR_RETURN(const std::optional<int32_t> version, arguments.Number('v'));
  const auto result = shell.client.Delete({arguments.word(0), version.value_or(-1)});
  return ErrorStatus(result, arguments.word(0));
}

}  // namespace rookery::tools::shell
