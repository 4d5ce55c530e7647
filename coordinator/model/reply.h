// What clients are answered, as values.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/model/acl.h"
#include "coordinator/model/data.h"
#include "coordinator/model/error_code.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/stat.h"

namespace rookery::model {

struct EmptyReply {  // delete, check, ping, watches by name, closeSession; also every error
  bool operator==(const EmptyReply&) const = default;
};
struct CreateReply {
  std::string path;  // with the sequence suffix
  Stat stat;         // sent only for create2
  bool with_stat = false;
  bool operator==(const CreateReply&) const = default;
};
struct StatReply {  // exists, setData, setACL
  Stat stat;
  bool operator==(const StatReply&) const = default;
};
struct DataReply {
  Data data;
  Stat stat;
  bool operator==(const DataReply&) const = default;
};
struct AclReply {
  Acl acl;
  Stat stat;
  bool operator==(const AclReply&) const = default;
};
struct ChildrenReply {
  std::vector<std::string> children;  // sorted
  Stat stat;
  bool with_stat = false;  // getChildren2
  bool operator==(const ChildrenReply&) const = default;
};
struct SyncReply {
  std::string path;
  bool operator==(const SyncReply&) const = default;
};
struct MultiReply {
  // Ok parts carry what their operation alone would answer. If one failed, every part is an error:
  // kOk before it, its code, kRuntimeInconsistency after it (zookeeper-protocol 1.6).
  struct Part {
    enum class Kind { kCreate, kDelete, kSetData, kCheck, kError } kind = Kind::kError;
    ErrorCode error = ErrorCode::kOk;
    std::variant<EmptyReply, CreateReply, StatReply> body;
    bool operator==(const Part&) const = default;
  };
  std::vector<Part> parts;
  bool operator==(const MultiReply&) const = default;
};
struct AddWatchReply {  // nothing; on ZooKeeper's wire a number 0
  bool operator==(const AddWatchReply&) const = default;
};
struct WhoAmIReply {
  std::vector<Id> identities;  // without secrets: of a digest login the user alone
  bool operator==(const WhoAmIReply&) const = default;
};
struct EphemeralsReply {
  std::vector<std::string> paths;  // sorted
  bool operator==(const EphemeralsReply&) const = default;
};
struct SessionReply {  // open and attach; a refused attach is kSessionExpired
  SessionId session = 0;
  int32_t timeout_ms = 0;
  std::string password;
  bool operator==(const SessionReply&) const = default;
};

using ReplyBody =
    std::variant<EmptyReply, CreateReply, StatReply, DataReply, AclReply, ChildrenReply, SyncReply,
                 MultiReply, AddWatchReply, WhoAmIReply, EphemeralsReply, SessionReply>;

struct Reply {
  ErrorCode error = ErrorCode::kOk;
  Zxid zxid = 0;   // of the write, or the last one applied when a read was answered
  ReplyBody body;  // EmptyReply if error is not kOk
  bool operator==(const Reply&) const = default;
};

}  // namespace rookery::model
