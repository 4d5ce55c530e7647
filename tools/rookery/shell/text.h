// How values look in the shell: as ZooKeeper's own shell prints them, where it prints them at all.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/client/result.h"
#include "coordinator/model/acl.h"
#include "coordinator/model/stat.h"

namespace rookery::tools::shell {

// Eleven lines, "cZxid = 0x5" and so on.
std::string StatText(const model::Stat& stat);

// "'scheme,'id" and ": cdrwa", two lines an entry.
std::string AclText(const model::Acl& acl);
// "world:anyone:cdrwa,digest:user:hash:r": the last colon parts off the permissions.
// InvalidArgument names the entry that is wrong.
absl::StatusOr<model::Acl> ParseAcl(absl::string_view text);

// What an error means for the node at `path`, in words, with ZooKeeper's name of it.
absl::Status ErrorStatus(model::ErrorCode error, bool maybe_applied, absl::string_view path);

template <typename Value>
absl::Status ErrorStatus(const client::Result<Value>& result, absl::string_view path) {
  return ErrorStatus(result.error, result.maybe_applied, path);
}

}  // namespace rookery::tools::shell
