#include "coordinator/main/offline/findings.h"

#include "absl/strings/str_cat.h"

namespace rookery::offline {

void Findings::Add(absl::string_view path, absl::string_view what) {
  texts_.push_back(absl::StrCat(path, ": ", what));
}

void Findings::Add(absl::string_view path, const absl::Status& status) {
  if (!status.ok()) Add(path, status.message());
}

}  // namespace rookery::offline
