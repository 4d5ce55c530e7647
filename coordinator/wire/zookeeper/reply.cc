#include "coordinator/wire/zookeeper/reply.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/wire/zookeeper/jute.h"
#include "coordinator/wire/zookeeper/multi_reply.h"
#include "coordinator/wire/zookeeper/records.h"
#include "coordinator/wire/zookeeper/request.h"

namespace rookery::wire {
namespace {

using model::OpCode;

constexpr int32_t kSyncConnected = 3;  // the keeper state that servers send, always

struct BodyWriter {
  JuteWriter* writer;

  void operator()(const model::EmptyReply&) const {}
  void operator()(const model::CreateReply& reply) const {
    writer->WriteString(reply.path);
    if (reply.with_stat) WriteStat(reply.stat, writer);
  }
  void operator()(const model::StatReply& reply) const { WriteStat(reply.stat, writer); }
  void operator()(const model::DataReply& reply) const {
    writer->WriteBuffer(reply.data);
    WriteStat(reply.stat, writer);
  }
  void operator()(const model::AclReply& reply) const {
    WriteAcl(reply.acl, writer);
    WriteStat(reply.stat, writer);
  }
  void operator()(const model::ChildrenReply& reply) const {
    writer->WriteStrings(reply.children);
    if (reply.with_stat) WriteStat(reply.stat, writer);
  }
  void operator()(const model::SyncReply& reply) const { writer->WriteString(reply.path); }
  void operator()(const model::MultiReply& reply) const { WriteMultiReply(reply, writer); }
  void operator()(const model::AddWatchReply&) const { writer->WriteInt(0); }
  void operator()(const model::WhoAmIReply& reply) const {
    writer->WriteInt(static_cast<int32_t>(reply.identities.size()));
    for (const model::Id& identity : reply.identities) {
      writer->WriteString(identity.scheme);
      writer->WriteString(identity.id);
    }
  }
  void operator()(const model::EphemeralsReply& reply) const { writer->WriteStrings(reply.paths); }
  void operator()(const model::SessionReply&) const {
    ROOKERY_CHECK(false) << "a session is answered by a handshake, not by a reply";
  }
};

std::vector<model::Id> ReadIds(JuteReader* reader) {
  std::vector<model::Id> ids;
  const size_t count = reader->ReadCount(8).value_or(0);
  ids.reserve(count);
  for (size_t i = 0; i < count && reader->ok(); ++i) {
    model::Id id;
    id.scheme = reader->ReadString();
    id.id = reader->ReadStringOrNull();
    ids.push_back(std::move(id));
  }
  return ids;
}

// In its place: a body that is built elsewhere is moved more often than it is read.
void ReadBody(OpCode opcode, JuteReader* reader, model::ReplyBody* body) {
  switch (opcode) {
    case OpCode::kCreate:
    case OpCode::kCreate2:
    case OpCode::kCreateContainer: {
      auto& reply = body->emplace<model::CreateReply>();
      reply.path = reader->ReadString();
      reply.with_stat = opcode != OpCode::kCreate;
      if (reply.with_stat) reply.stat = ReadStat(reader);
      return;
    }
    case OpCode::kExists:
    case OpCode::kSetData:
    case OpCode::kSetAcl:
      body->emplace<model::StatReply>().stat = ReadStat(reader);
      return;
    case OpCode::kGetData: {
      auto& reply = body->emplace<model::DataReply>();
      reply.data = ReadData(reader);
      reply.stat = ReadStat(reader);
      return;
    }
    case OpCode::kGetAcl: {
      auto& reply = body->emplace<model::AclReply>();
      reply.acl = ReadAcl(reader).value_or(model::Acl());
      reply.stat = ReadStat(reader);
      return;
    }
    case OpCode::kGetChildren:
    case OpCode::kGetChildren2: {
      auto& reply = body->emplace<model::ChildrenReply>();
      reply.children = ReadStrings(reader);
      reply.with_stat = opcode == OpCode::kGetChildren2;
      if (reply.with_stat) reply.stat = ReadStat(reader);
      return;
    }
    case OpCode::kSync:
      body->emplace<model::SyncReply>().path = reader->ReadString();
      return;
    case OpCode::kMulti:
      *body = ReadMultiReply(reader);
      return;
    case OpCode::kAddWatch:
      reader->ReadInt();
      body->emplace<model::AddWatchReply>();
      return;
    case OpCode::kWhoAmI:
      body->emplace<model::WhoAmIReply>().identities = ReadIds(reader);
      return;
    case OpCode::kGetEphemerals:
      body->emplace<model::EphemeralsReply>().paths = ReadStrings(reader);
      return;
    default:
      return;  // an EmptyReply, as it is
  }
}

ReplyHeader ReadHeader(JuteReader* reader) {
  ReplyHeader header;
  header.xid = reader->ReadInt();
  header.zxid = reader->ReadLong();
  header.error = static_cast<model::ErrorCode>(reader->ReadInt());
  return header;
}

void WriteHeader(const ReplyHeader& header, JuteWriter* writer) {
  writer->WriteInt(header.xid);
  writer->WriteLong(header.zxid);
  writer->WriteInt(static_cast<int32_t>(header.error));
}

absl::Status Malformed(absl::string_view what, absl::string_view frame) {
  return absl::InvalidArgumentError(
      absl::StrCat("expected ", what, ", found ", frame.size(), " bytes that are none"));
}

}  // namespace

void EncodeReply(int32_t xid, const model::Reply& reply, std::string* out) {
  FrameScope frame(out);
  JuteWriter writer(out);
  WriteHeader({xid, reply.zxid, reply.error}, &writer);
  if (reply.error == model::ErrorCode::kOk) std::visit(BodyWriter{&writer}, reply.body);
}

void EncodeSaslReply(int32_t xid, model::ErrorCode error, const model::Data& token,
                     std::string* out) {
  FrameScope frame(out);
  JuteWriter writer(out);
  WriteHeader({xid, 0, error}, &writer);
  writer.WriteBuffer(token);
}

void EncodeEvent(const model::Event& event, std::string* out) {
  FrameScope frame(out);
  JuteWriter writer(out);
  WriteHeader({kEventXid, event.zxid, model::ErrorCode::kOk}, &writer);
  writer.WriteInt(static_cast<int32_t>(event.type));
  writer.WriteInt(kSyncConnected);
  writer.WriteString(event.path);
}

absl::StatusOr<ReplyHeader> DecodeReplyHeader(absl::string_view frame) {
  JuteReader reader(frame);
  const ReplyHeader header = ReadHeader(&reader);
  if (!reader.ok()) return Malformed("a reply", frame);
  return header;
}

absl::StatusOr<model::Reply> DecodeReply(absl::string_view frame, OpCode opcode) {
  JuteReader reader(frame);
  const ReplyHeader header = ReadHeader(&reader);
  absl::StatusOr<model::Reply> reply(absl::in_place);
  reply->error = header.error;
  reply->zxid = header.zxid;
  if (reader.ok() && header.error == model::ErrorCode::kOk) {
    ReadBody(opcode, &reader, &reply->body);
  }
  if (!reader.ok()) reply = Malformed("a reply", frame);
  return reply;
}

absl::StatusOr<model::Data> DecodeSaslToken(absl::string_view frame) {
  JuteReader reader(frame);
  ReadHeader(&reader);
  const model::Data token = ReadData(&reader);
  if (!reader.ok()) return Malformed("an answer to a login", frame);
  return token;
}

absl::StatusOr<model::Event> DecodeEvent(absl::string_view frame) {
  JuteReader reader(frame);
  const ReplyHeader header = ReadHeader(&reader);
  const int32_t type = reader.ReadInt();
  reader.ReadInt();  // the keeper's state
  model::Event event;
  event.path = reader.ReadString();
  event.zxid = header.zxid;
  event.type = static_cast<model::EventType>(type);
  const bool known = type >= static_cast<int32_t>(model::EventType::kNodeCreated) &&
                     type <= static_cast<int32_t>(model::EventType::kNodeChildrenChanged);
  if (!reader.ok() || !known) return Malformed("a watch notification", frame);
  return event;
}

}  // namespace rookery::wire
