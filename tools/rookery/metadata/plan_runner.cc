#include "tools/rookery/metadata/plan_runner.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::metadata {
namespace {

using model::ErrorCode;

constexpr int kAttemptsMax = 10;

// The path of the part that made the multi fail.
std::string FailedPath(const kafka::Plan& plan, const model::MultiReply& reply) {
  for (size_t i = 0; i < reply.parts.size() && i < plan.parts.size(); ++i) {
    const ErrorCode error = reply.parts[i].error;
    if (error == ErrorCode::kOk || error == ErrorCode::kRuntimeInconsistency) continue;
    return std::visit([](const auto& part) { return part.path; }, plan.parts[i]);
  }
  return "";
}

}  // namespace

absl::Status RunPlan(client::BlockingClient& client, MakePlan make_plan) {
  absl::Status last;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    ROOKERY_ASSIGN_OR_RETURN(const kafka::Plan plan, make_plan());
    if (plan.parts.empty()) return absl::OkStatus();
    const auto result = client.Multi(plan);
    switch (result.error) {
      case ErrorCode::kOk:
        return absl::OkStatus();
      case ErrorCode::kBadVersion:
      case ErrorCode::kNodeExists:
      case ErrorCode::kNoNode:
      case ErrorCode::kNotEmpty:
        last = ToStatus(result.error, FailedPath(plan, result.value));
        break;
      case ErrorCode::kConnectionLoss:
      case ErrorCode::kOperationTimeout:
        return absl::UnavailableError(
            absl::StrCat(model::ErrorName(result.error), ": ",
                         result.maybe_applied ? "the change may have happened; look before trying "
                                                "again"
                                              : "nothing was changed; try again"));
      default:
        return ToStatus(result.error, FailedPath(plan, result.value));
    }
  }
  if (absl::IsNotFound(last)) return last;
  return absl::AbortedError(absl::StrCat("others changed the same nodes ", kAttemptsMax,
                                         " times in a row (", last.message(), "): try again"));
}

}  // namespace rookery::tools::metadata
