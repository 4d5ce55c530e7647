#include "coordinator/wire/zookeeper/request.h"

#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/model/operations.h"
#include "coordinator/wire/zookeeper/jute.h"
#include "coordinator/wire/zookeeper/records.h"
#include "coordinator/wire/zookeeper/request_body.h"

namespace rookery::wire {
namespace {

using model::OpCode;
using Body = decltype(DecodedRequest::body);

model::SetAclRequest ReadSetAcl(JuteReader* reader) {
  model::SetAclRequest request;
  request.path = reader->ReadStringOrNull();  // refused as a bad path, not as malformed
  request.acl = ReadAcl(reader);
  request.version = reader->ReadInt();
  return request;
}

model::SetWatchesRequest ReadSetWatches(JuteReader* reader) {
  model::SetWatchesRequest request;
  request.relative_zxid = reader->ReadLong();
  request.data = ReadStrings(reader);
  request.exist = ReadStrings(reader);
  request.child = ReadStrings(reader);
  return request;
}

model::SetWatchesRequest ReadSetWatches2(JuteReader* reader) {
  model::SetWatchesRequest request = ReadSetWatches(reader);
  request.persistent = ReadStrings(reader);
  request.persistent_recursive = ReadStrings(reader);
  return request;
}

Body ReadAddWatch(JuteReader* reader) {
  model::AddWatchRequest request;
  request.path = reader->ReadString();
  request.mode = static_cast<model::WatchMode>(reader->ReadInt());
  switch (request.mode) {
    case model::WatchMode::kPersistent:
    case model::WatchMode::kPersistentRecursive:
      return model::ReadOperation(std::move(request));
  }
  return BadRequest::kMalformed;
}

// checkWatches and removeWatches.
template <typename Request>
Body ReadPathAndType(JuteReader* reader) {
  Request request;
  request.path = reader->ReadString();
  request.type = static_cast<model::WatcherType>(reader->ReadInt());
  switch (request.type) {
    case model::WatcherType::kChildren:
    case model::WatcherType::kData:
    case model::WatcherType::kAny:
    case model::WatcherType::kPersistent:
    case model::WatcherType::kPersistentRecursive:
      return model::ReadOperation(std::move(request));
  }
  return BadRequest::kMalformed;
}

AuthRequest ReadAuth(JuteReader* reader) {
  AuthRequest request;
  reader->ReadInt();  // a type that nobody uses
  request.scheme = reader->ReadString();
  request.auth = ReadData(reader);
  return request;
}

template <typename Request>
model::ReadOperation ReadPathAndWatch(JuteReader* reader) {
  Request request;
  request.path = reader->ReadString();
  request.watch = reader->ReadBool();
  return request;
}

Body ReadBody(int32_t opcode, JuteReader* reader) {
  using model::ReadOperation;
  using model::WriteOperation;
  switch (static_cast<OpCode>(opcode)) {
    case OpCode::kCreate:
      return WriteOperation(ReadCreate(reader, false, NullPath::kEmpty));
    case OpCode::kCreate2:
      return WriteOperation(ReadCreate(reader, true, NullPath::kEmpty));
    case OpCode::kCreateContainer: {
      model::CreateRequest request = ReadCreate(reader, true, NullPath::kEmpty);
      request.container = true;
      return WriteOperation(std::move(request));
    }
    case OpCode::kDelete:
      return WriteOperation(ReadDelete(reader));
    case OpCode::kDeleteContainer:
      // ZooKeeper's own, for the leader. From a client it takes the whole frame for the path, which
      // none is, since the header has zeros.
      return WriteOperation(model::DeleteRequest{});
    case OpCode::kSetData:
      return WriteOperation(ReadSetData(reader, NullPath::kEmpty));
    case OpCode::kSetAcl:
      return WriteOperation(ReadSetAcl(reader));
    case OpCode::kMulti: {
      std::optional<BadRequest> bad;
      model::MultiRequest multi = ReadMulti(reader, &bad);
      if (bad) return *bad;
      return WriteOperation(std::move(multi));
    }
    case OpCode::kCloseSession:
      return WriteOperation(model::CloseSessionRequest());
    case OpCode::kExists:
      return ReadPathAndWatch<model::ExistsRequest>(reader);
    case OpCode::kGetData:
      return ReadPathAndWatch<model::GetDataRequest>(reader);
    case OpCode::kGetAcl:
      return ReadOperation(model::GetAclRequest{reader->ReadString()});
    case OpCode::kGetChildren:
      return ReadPathAndWatch<model::GetChildrenRequest>(reader);
    case OpCode::kGetChildren2: {
      model::GetChildrenRequest request;
      request.path = reader->ReadString();
      request.watch = reader->ReadBool();
      request.want_stat = true;
      return ReadOperation(std::move(request));
    }
    case OpCode::kSync:
      // Any path will do.
      return ReadOperation(model::SyncRequest{reader->ReadStringOrNull()});
    case OpCode::kPing:
      return ReadOperation(model::PingRequest());
    case OpCode::kSetWatches:
      return ReadOperation(ReadSetWatches(reader));
    case OpCode::kSetWatches2:
      return ReadOperation(ReadSetWatches2(reader));
    case OpCode::kAddWatch:
      return ReadAddWatch(reader);
    case OpCode::kCheckWatches:
      return ReadPathAndType<model::CheckWatchesRequest>(reader);
    case OpCode::kRemoveWatches:
      return ReadPathAndType<model::RemoveWatchesRequest>(reader);
    case OpCode::kWhoAmI:
      return ReadOperation(model::WhoAmIRequest());
    case OpCode::kGetEphemerals:
      return ReadOperation(model::GetEphemeralsRequest{reader->ReadStringOrNull()});
    case OpCode::kAuth:
      return ReadAuth(reader);
    case OpCode::kSasl:
      return SaslRequest{ReadData(reader)};
    case OpCode::kReconfig:
    case OpCode::kCreateTtl:
    case OpCode::kMultiRead:
    case OpCode::kGetAllChildrenNumber:
      return BadRequest::kNotBuilt;
    case OpCode::kCheck:  // legal inside a multi only
      break;
  }
  return BadRequest::kUnknownOpcode;
}

// Writes the frame of one request whose body `write` appends.
template <typename Write>
void WriteFrame(int32_t xid, OpCode opcode, std::string* out, Write write) {
  FrameScope frame(out);
  JuteWriter writer(out);
  writer.WriteInt(xid);
  writer.WriteInt(static_cast<int32_t>(opcode));
  write(&writer);
}

struct WriteEncoder {
  int32_t xid;
  std::string* out;

  template <typename Request>
  void operator()(const Request& request) const {
    WriteFrame(xid, OpCodeOf(request), out,
               [&](JuteWriter* writer) { WriteBody(request, writer); });
  }
  void operator()(const model::MultiRequest& request) const {
    WriteFrame(xid, OpCode::kMulti, out, [&](JuteWriter* writer) { WriteBody(request, writer); });
  }
  void operator()(const model::SetAclRequest& request) const {
    WriteFrame(xid, OpCode::kSetAcl, out, [&](JuteWriter* writer) {
      writer->WriteString(request.path);
      WriteAcl(request.acl, writer);
      writer->WriteInt(request.version);
    });
  }
  void operator()(const model::CloseSessionRequest&) const {
    WriteFrame(xid, OpCode::kCloseSession, out, [](JuteWriter*) {});
  }
  void operator()(const model::OpenSessionRequest&) const { RefuseHandshake(); }
  void operator()(const model::AttachSessionRequest&) const { RefuseHandshake(); }

  static void RefuseHandshake() {
    ROOKERY_CHECK(false) << "a session is opened by a handshake, not by a request";
  }
};

struct ReadEncoder {
  int32_t xid;
  std::string* out;

  void PathAndWatch(OpCode opcode, const std::string& path, bool watch) const {
    WriteFrame(xid, opcode, out, [&](JuteWriter* writer) {
      writer->WriteString(path);
      writer->WriteBool(watch);
    });
  }
  void Path(OpCode opcode, const std::string& path) const {
    WriteFrame(xid, opcode, out, [&](JuteWriter* writer) { writer->WriteString(path); });
  }
  void operator()(const model::ExistsRequest& request) const {
    PathAndWatch(OpCode::kExists, request.path, request.watch);
  }
  void operator()(const model::GetDataRequest& request) const {
    PathAndWatch(OpCode::kGetData, request.path, request.watch);
  }
  void operator()(const model::GetChildrenRequest& request) const {
    PathAndWatch(request.want_stat ? OpCode::kGetChildren2 : OpCode::kGetChildren, request.path,
                 request.watch);
  }
  void operator()(const model::GetAclRequest& request) const {
    Path(OpCode::kGetAcl, request.path);
  }
  void operator()(const model::SyncRequest& request) const { Path(OpCode::kSync, request.path); }
  void operator()(const model::PingRequest&) const {
    WriteFrame(xid, OpCode::kPing, out, [](JuteWriter*) {});
  }
  // As Java's client: the older form where it says all.
  void operator()(const model::SetWatchesRequest& request) const {
    const bool one_shot = request.persistent.empty() && request.persistent_recursive.empty();
    WriteFrame(xid, one_shot ? OpCode::kSetWatches : OpCode::kSetWatches2, out,
               [&](JuteWriter* writer) {
                 writer->WriteLong(request.relative_zxid);
                 writer->WriteStrings(request.data);
                 writer->WriteStrings(request.exist);
                 writer->WriteStrings(request.child);
                 if (one_shot) return;
                 writer->WriteStrings(request.persistent);
                 writer->WriteStrings(request.persistent_recursive);
               });
  }
  void PathAndNumber(OpCode opcode, const std::string& path, int32_t number) const {
    WriteFrame(xid, opcode, out, [&](JuteWriter* writer) {
      writer->WriteString(path);
      writer->WriteInt(number);
    });
  }
  void operator()(const model::AddWatchRequest& request) const {
    PathAndNumber(OpCode::kAddWatch, request.path, static_cast<int32_t>(request.mode));
  }
  void operator()(const model::CheckWatchesRequest& request) const {
    PathAndNumber(OpCode::kCheckWatches, request.path, static_cast<int32_t>(request.type));
  }
  void operator()(const model::RemoveWatchesRequest& request) const {
    PathAndNumber(OpCode::kRemoveWatches, request.path, static_cast<int32_t>(request.type));
  }
  void operator()(const model::WhoAmIRequest&) const {
    WriteFrame(xid, OpCode::kWhoAmI, out, [](JuteWriter*) {});
  }
  void operator()(const model::GetEphemeralsRequest& request) const {
    Path(OpCode::kGetEphemerals, request.prefix);
  }
};

}  // namespace

std::optional<DecodedRequest> DecodeRequest(absl::string_view frame) {
  JuteReader reader(frame);
  DecodedRequest request;
  request.xid = reader.ReadInt();
  request.opcode = reader.ReadInt();
  if (!reader.ok()) return std::nullopt;
  request.body = ReadBody(request.opcode, &reader);
  // What is refused unread stays what it is.
  if (!reader.ok()) request.body = BadRequest::kMalformed;
  return request;
}

void EncodeRequest(int32_t xid, const model::WriteOperation& operation, std::string* out) {
  std::visit(WriteEncoder{xid, out}, operation);
}

void EncodeRequest(int32_t xid, const model::ReadOperation& operation, std::string* out) {
  std::visit(ReadEncoder{xid, out}, operation);
}

void EncodeRequest(int32_t xid, const AuthRequest& auth, std::string* out) {
  WriteFrame(xid, OpCode::kAuth, out, [&](JuteWriter* writer) {
    writer->WriteInt(0);
    writer->WriteString(auth.scheme);
    writer->WriteBuffer(auth.auth);
  });
}

void EncodeRequest(int32_t xid, const SaslRequest& sasl, std::string* out) {
  WriteFrame(xid, OpCode::kSasl, out, [&](JuteWriter* writer) { writer->WriteBuffer(sasl.token); });
}

}  // namespace rookery::wire
