#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

namespace {

constexpr size_t kBatchNodes = 500;

// Deletes paths[begin, end) from the back. Not as one: what others delete meanwhile is no error.
absl::Status DeleteBatch(Shell& shell, const std::vector<std::string>& paths, size_t begin,
                         size_t end) {
  model::MultiRequest multi;
  for (size_t i = end; i > begin; --i) multi.parts.push_back(model::DeleteRequest{paths[i - 1]});
  const auto result = shell.client.Multi(std::move(multi));
  if (result.ok()) return absl::OkStatus();
  if (result.error != model::ErrorCode::kNoNode) return ErrorStatus(result, paths[begin]);
  for (size_t i = end; i > begin; --i) {
    const auto deleted = shell.client.Delete({paths[i - 1], -1});
    if (deleted.error != model::ErrorCode::kNoNode) {
      ROOKERY_RETURN_IF_ERROR(ErrorStatus(deleted, paths[i - 1]));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunDeleteAll(Shell& shell, const Arguments& arguments) {
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<std::string> paths,
                           WalkTree(shell, arguments.word(0)));
  size_t end = paths.size();
  while (end > 0) {
    if (*shell.interrupted) return absl::CancelledError("interrupted; some nodes are left");
    const size_t begin = end > kBatchNodes ? end - kBatchNodes : 0;
    ROOKERY_RETURN_IF_ERROR(DeleteBatch(shell, paths, begin, end));
    end = begin;
  }
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
