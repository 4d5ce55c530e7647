#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::Status RunCreate(Shell& shell, const Arguments& arguments) {
  model::CreateRequest request;
  request.path = arguments.word(0);
  request.data = arguments.WordOrNone(1);
  request.acl = *model::OpenAcl();
  if (const auto acl = arguments.WordOrNone(2)) {
    ROOKERY_ASSIGN_OR_RETURN(request.acl, ParseAcl(*acl));
  }
  request.flags = (arguments.Has('e') ? model::kEphemeral : 0) |
                  (arguments.Has('s') ? model::kPersistentSequential : 0);
  if (arguments.Has('c')) {
    if (request.flags != 0) {
      return absl::InvalidArgumentError("expected -c without -s and -e: a container is neither");
    }
    request.flags = model::kContainer;
    request.container = true;
  }
  const auto result = shell.client.Create(std::move(request));
  ROOKERY_RETURN_IF_ERROR(ErrorStatus(result, arguments.word(0)));
  shell.out << "Created " << result.value.path << "\n";
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
