// Histories as JSON lines, one object a line, in any order of kinds:
//
//   {"kind":"call","client":1,"number":3,"op":"setData","path":"/a","data":"x","version":2,
//    "invoked":17,"returned":21,"session":99,"server":2,"error":"Ok","zxid":4294967299,
//    "reply":{"stat":{"version":3,...}}}
//   {"kind":"told","client":1,"call":2,"order":19,"session":99,
//    "event":{"type":"NodeDataChanged","path":"/a","zxid":-1}}
//   {"kind":"session","client":1,"order":2,"state":"CONNECTED","session":99,"timeout_ms":10000}
//   {"kind":"final","server":1,"index":0,"zxid":0,"nodes":{"/a":{"data":"x","stat":{...}}}}
//
// and one kind for each of the other types of history.h, under their field names. A field that is
// missing has its default; null data is null. `op` is one of create, delete, setData, setACL, check
// (inside "parts"), multi, open, close, exists, getData, getChildren, getACL, sync. ACLs are left
// out, data must be UTF-8.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/sim/history/history.h"

namespace rookery::sim {

std::string ToJsonLines(const History& history);

// InvalidArgument names the line.
absl::StatusOr<History> FromJsonLines(absl::string_view text);

}  // namespace rookery::sim
