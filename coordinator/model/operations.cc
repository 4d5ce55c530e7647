#include "coordinator/model/operations.h"

namespace rookery::model {
namespace {

constexpr auto kRead = OperationKind::kRead;
constexpr auto kWrite = OperationKind::kWrite;
constexpr auto kSession = OperationKind::kSession;

constexpr OperationInfo kOperations[] = {
#define ROW(name, code, kind, built) {OpCode::k##name, #name, kind, built},
    ROOKERY_OPERATIONS(ROW)
#undef ROW
};

}  // namespace

std::optional<OperationInfo> FindOperation(int32_t code) {
  for (const OperationInfo& operation : kOperations) {
    if (static_cast<int32_t>(operation.code) == code) return operation;
  }
  return std::nullopt;
}

}  // namespace rookery::model
