#include <algorithm>
#include <ostream>

#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/model/path.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::StatusOr<std::vector<std::string>> WalkTree(Shell& shell, const std::string& path) {
  std::vector<std::string> paths = {path};
  for (size_t i = 0; i < paths.size(); ++i) {
    const auto listed = shell.client.GetChildren(paths[i]);
    // A node that went while we walked is no error.
    if (listed.error == model::ErrorCode::kNoNode && i > 0) continue;
    ROOKERY_RETURN_IF_ERROR(ErrorStatus(listed, paths[i]));
    std::vector<std::string> names = listed.value.children;
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) paths.push_back(model::ChildPath(paths[i], name));
  }
  return paths;
}

absl::Status RunList(Shell& shell, const Arguments& arguments) {
  const std::string& path = arguments.word(0);
  if (arguments.Has('R')) {
    ROOKERY_ASSIGN_OR_RETURN(std::vector<std::string> paths, WalkTree(shell, path));
    std::sort(paths.begin(), paths.end());
    for (const std::string& found : paths) shell.out << found << "\n";
    return absl::OkStatus();
  }
  const bool watch = arguments.Has('w');
  const auto result = shell.client.GetChildren(path, watch ? shell.MakeWatch() : nullptr);
  ROOKERY_RETURN_IF_ERROR(ErrorStatus(result, path));
  std::vector<std::string> names = result.value.children;
  std::sort(names.begin(), names.end());
  shell.out << "[" << absl::StrJoin(names, ", ") << "]\n";
  if (arguments.Has('s')) shell.out << StatText(result.value.stat);
  if (watch) shell.wait_for_event();
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
