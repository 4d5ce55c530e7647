#include "coordinator/main/node/received_check.h"

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/machine/state_check.h"

namespace rookery {

absl::Status CheckReceived(const store::Base& base, const std::string& path,
                           const consensus::Manifest& manifest) {
  ROOKERY_ASSIGN_OR_RETURN(const auto snapshot, base.OpenToRead(path));
  machine::StateCheck check;
  ROOKERY_RETURN_IF_ERROR(machine::CheckState(*snapshot, &check));
  if (check.state().applied_index == manifest.index && check.digest() == manifest.digest) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "expected the state at entry ", manifest.index, " with digest ", absl::Hex(manifest.digest),
      ", found entry ", check.state().applied_index, " with digest ", absl::Hex(check.digest())));
}

}  // namespace rookery
