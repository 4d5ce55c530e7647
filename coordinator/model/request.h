// What clients ask, as values: one struct per operation. Neither protocol shows here; wire/ and the
// gRPC door translate.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/model/acl.h"
#include "coordinator/model/data.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/watches.h"

namespace rookery::model {

// Flags of a create as on the wire (zookeeper-protocol 2.2); others are BadArguments at Apply.
enum CreateFlags : int32_t {
  kPersistent = 0,
  kEphemeral = 1,
  kPersistentSequential = 2,
  kEphemeralSequential = 3,
  kContainer = 4,  // what createContainer usually carries, and what makes one in a multi
};

struct CreateRequest {
  std::string path;
  Data data;
  std::optional<Acl> acl;  // nullopt: a null vector, which is InvalidACL
  int32_t flags = kPersistent;
  bool want_stat = false;  // create2
  // createContainer: goes once its last child is gone, whatever the flags say. Alone only; in a
  // multi the flags decide.
  bool container = false;
  bool operator==(const CreateRequest&) const = default;
};
struct DeleteRequest {
  std::string path;
  int32_t version = -1;  // -1: any
  bool operator==(const DeleteRequest&) const = default;
};
struct SetDataRequest {
  std::string path;
  Data data;
  int32_t version = -1;
  bool operator==(const SetDataRequest&) const = default;
};
struct SetAclRequest {
  std::string path;
  std::optional<Acl> acl;
  int32_t version = -1;  // compared with aversion
  bool operator==(const SetAclRequest&) const = default;
};
struct CheckRequest {  // legal inside a multi only
  std::string path;
  int32_t version = -1;
  bool operator==(const CheckRequest&) const = default;
};
struct MultiRequest {
  using Part = std::variant<CreateRequest, DeleteRequest, SetDataRequest, CheckRequest>;
  std::vector<Part> parts;
  bool operator==(const MultiRequest&) const = default;
};

// Opens a session. The door has clamped the timeout and drawn the password.
struct OpenSessionRequest {
  int32_t timeout_ms = 0;
  std::string password;  // 16 bytes
  bool operator==(const OpenSessionRequest&) const = default;
};
// Moves a session to the connection named in the request's owner. Takes no zxid.
struct AttachSessionRequest {
  int32_t timeout_ms = 0;
  std::string password;
  bool operator==(const AttachSessionRequest&) const = default;
};
struct CloseSessionRequest {
  bool operator==(const CloseSessionRequest&) const = default;
};

// Everything that goes through the log on behalf of a client.
using WriteOperation =
    std::variant<CreateRequest, DeleteRequest, SetDataRequest, SetAclRequest, MultiRequest,
                 OpenSessionRequest, AttachSessionRequest, CloseSessionRequest>;

// A write as it stands in the log: complete, so that every server applies it alike.
struct WriteRequest {
  SessionId session = 0;  // 0 for OpenSession and for session-less gRPC calls
  Owner owner;            // the connection it came over; compared with the session's owner
  Credentials credentials;
  WriteOperation operation;
  bool operator==(const WriteRequest&) const = default;
};

struct ExistsRequest {
  std::string path;
  bool watch = false;
};
struct GetDataRequest {
  std::string path;
  bool watch = false;
};
struct GetAclRequest {
  std::string path;
};
struct GetChildrenRequest {
  std::string path;
  bool watch = false;
  bool want_stat = false;  // getChildren2
};
struct SyncRequest {
  std::string path;
};
struct PingRequest {};
struct SetWatchesRequest {
  Zxid relative_zxid = 0;
  std::vector<std::string> data;
  std::vector<std::string> exist;
  std::vector<std::string> child;
  std::vector<std::string> persistent;            // these two: armed again, and nothing is told of
  std::vector<std::string> persistent_recursive;  // what happened meanwhile (setWatches2)
};
struct AddWatchRequest {  // the node need not exist, nor be readable
  std::string path;
  WatchMode mode = WatchMode::kPersistent;
};
struct CheckWatchesRequest {  // NoWatcher: this connection has none of the type on the path
  std::string path;
  WatcherType type = WatcherType::kAny;
};
struct RemoveWatchesRequest {  // NoWatcher likewise
  std::string path;
  WatcherType type = WatcherType::kAny;
};
struct WhoAmIRequest {};
struct GetEphemeralsRequest {
  std::string prefix;  // of the path, as a string; blank or "/": all of this session
};

// Everything that is answered from this server's applied state, or from what it keeps of the
// connection.
using ReadOperation =
    std::variant<ExistsRequest, GetDataRequest, GetAclRequest, GetChildrenRequest, SyncRequest,
                 PingRequest, SetWatchesRequest, AddWatchRequest, CheckWatchesRequest,
                 RemoveWatchesRequest, WhoAmIRequest, GetEphemeralsRequest>;

// True for what means the connection or session over which it came, and not the tree.
inline bool NeedsConnection(const ReadOperation& operation) {
  struct Visitor {
    bool operator()(const ExistsRequest&) const { return false; }
    bool operator()(const GetDataRequest&) const { return false; }
    bool operator()(const GetAclRequest&) const { return false; }
    bool operator()(const GetChildrenRequest&) const { return false; }
    bool operator()(const SyncRequest&) const { return false; }
    bool operator()(const PingRequest&) const { return false; }
    bool operator()(const SetWatchesRequest&) const { return true; }
    bool operator()(const AddWatchRequest&) const { return true; }
    bool operator()(const CheckWatchesRequest&) const { return true; }
    bool operator()(const RemoveWatchesRequest&) const { return true; }
    bool operator()(const WhoAmIRequest&) const { return true; }
    bool operator()(const GetEphemeralsRequest&) const { return true; }
  };
  return std::visit(Visitor(), operation);
}

}  // namespace rookery::model
