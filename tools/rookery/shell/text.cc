#include "tools/rookery/shell/text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "coordinator/model/ids.h"

namespace rookery::tools::shell {
namespace {

using model::ErrorCode;

constexpr struct {
  char letter;
  int32_t permission;
} kPermissions[] = {{'c', model::kCreate},
                    {'d', model::kDelete},
                    {'r', model::kRead},
                    {'w', model::kWrite},
                    {'a', model::kAdmin}};

std::string TimeText(int64_t time_ms) {
  return absl::FormatTime("%a %b %d %H:%M:%S %Z %Y", absl::FromUnixMillis(time_ms),
                          absl::LocalTimeZone());
}

std::string PermissionText(int32_t permissions) {
  std::string text;
  for (const auto& [letter, permission] : kPermissions) {
    if ((permissions & permission) != 0) text += letter;
  }
  return text;
}

absl::Status WrongAcl(absl::string_view entry, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("expected scheme:id:permissions, found \"", entry, "\": ", why));
}

// What a person can do about an error, or what it says of the node.
std::string Explain(ErrorCode error, absl::string_view path) {
  switch (error) {
    case ErrorCode::kNoNode:
      return absl::StrCat("there is no node ", path);
    case ErrorCode::kNodeExists:
      return absl::StrCat("node ", path, " exists already");
    case ErrorCode::kNotEmpty:
      return absl::StrCat("node ", path, " has children: deleteall takes them too");
    case ErrorCode::kBadVersion:
      return absl::StrCat("node ", path, " has another version than the one given");
    case ErrorCode::kNoAuth:
      return absl::StrCat("node ", path, " does not allow it: see getAcl, and addauth");
    case ErrorCode::kBadArguments:
      return absl::StrCat("not possible for ", path, ": the path or the mode is not valid");
    case ErrorCode::kInvalidAcl:
      return "the access control list is not valid";
    case ErrorCode::kNoChildrenForEphemerals:
      return absl::StrCat("the parent of ", path, " is ephemeral and may have no children");
    case ErrorCode::kAuthFailed:
      return "the credential was refused";
    case ErrorCode::kUnimplemented:
      return "the server does not have this operation";
    case ErrorCode::kQuotaExceeded:
      return absl::StrCat("the quota of ", path, " is used up");
    case ErrorCode::kConnectionLoss:
      return "the connection was lost";
    case ErrorCode::kOperationTimeout:
      return "no server answered in time";
    case ErrorCode::kSessionExpired:
      return "the session is over";
    default:
      return absl::StrCat("refused for ", path);
  }
}

}  // namespace

std::string StatText(const model::Stat& stat) {
  return absl::StrCat("cZxid = ", model::ToHex(stat.czxid), "\nctime = ", TimeText(stat.ctime_ms),
                      "\nmZxid = ", model::ToHex(stat.mzxid), "\nmtime = ", TimeText(stat.mtime_ms),
                      "\npZxid = ", model::ToHex(stat.pzxid), "\ncversion = ", stat.cversion,
                      "\ndataVersion = ", stat.version, "\naclVersion = ", stat.aversion,
                      "\nephemeralOwner = ", model::ToHex(stat.ephemeral_owner),
                      "\ndataLength = ", stat.data_length, "\nnumChildren = ", stat.num_children,
                      "\n");
}

std::string AclText(const model::Acl& acl) {
  std::string text;
  for (const model::AclEntry& entry : acl) {
    absl::StrAppend(&text, "'", entry.id.scheme, ",'", entry.id.id,
                    "\n: ", PermissionText(entry.permissions), "\n");
  }
  return text;
}

absl::StatusOr<model::Acl> ParseAcl(absl::string_view text) {
  model::Acl acl;
  for (const absl::string_view entry : absl::StrSplit(text, ',')) {
    const size_t first = entry.find(':');
    const size_t last = entry.rfind(':');
    if (first == absl::string_view::npos || first == last) {
      return WrongAcl(entry, "it wants two colons");
    }
    model::AclEntry parsed;
    parsed.id = {std::string(entry.substr(0, first)),
                 std::string(entry.substr(first + 1, last - first - 1))};
    for (const char letter : entry.substr(last + 1)) {
      int32_t permission = 0;
      for (const auto& known : kPermissions) {
        if (known.letter == letter) permission = known.permission;
      }
      if (permission == 0) return WrongAcl(entry, "permissions are letters of cdrwa");
      parsed.permissions |= permission;
    }
    acl.push_back(std::move(parsed));
  }
  return acl;
}

absl::Status ErrorStatus(ErrorCode error, bool maybe_applied, absl::string_view path) {
  if (error == ErrorCode::kOk) return absl::OkStatus();
  std::string text = absl::StrCat(Explain(error, path), " (", model::ErrorName(error), ")");
  if (maybe_applied) absl::StrAppend(&text, "; it may have been done all the same");
  return absl::UnknownError(text);
}

}  // namespace rookery::tools::shell
