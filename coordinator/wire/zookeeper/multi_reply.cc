// multi := (header result)* terminator
// header := type:int done:bool(0) err:int          terminator := -1:int 1:bool -1:int
// result := path (create), path Stat (create2), Stat (setData), nothing (delete, check),
//           err:int once more (type -1)
#include "coordinator/wire/zookeeper/multi_reply.h"

#include <utility>

#include "coordinator/model/operations.h"
#include "coordinator/wire/zookeeper/records.h"

namespace rookery::wire {
namespace {

using model::ErrorCode;
using model::MultiReply;
using model::OpCode;
using Kind = MultiReply::Part::Kind;

constexpr int32_t kErrorType = -1;

void WriteHeader(int32_t type, bool done, int32_t error, JuteWriter* writer) {
  writer->WriteInt(type);
  writer->WriteBool(done);
  writer->WriteInt(error);
}

void WriteOk(OpCode opcode, JuteWriter* writer) {
  WriteHeader(static_cast<int32_t>(opcode), false, 0, writer);
}

void WritePart(const MultiReply::Part& part, JuteWriter* writer) {
  switch (part.kind) {
    case Kind::kCreate: {
      const auto& create = std::get<model::CreateReply>(part.body);
      WriteOk(create.with_stat ? OpCode::kCreate2 : OpCode::kCreate, writer);
      writer->WriteString(create.path);
      if (create.with_stat) WriteStat(create.stat, writer);
      return;
    }
    case Kind::kDelete:
      return WriteOk(OpCode::kDelete, writer);
    case Kind::kCheck:
      return WriteOk(OpCode::kCheck, writer);
    case Kind::kSetData:
      WriteOk(OpCode::kSetData, writer);
      return WriteStat(std::get<model::StatReply>(part.body).stat, writer);
    case Kind::kError: {
      const auto error = static_cast<int32_t>(part.error);
      WriteHeader(kErrorType, false, error, writer);
      return writer->WriteInt(error);
    }
  }
}

MultiReply::Part ReadPart(int32_t type, JuteReader* reader) {
  MultiReply::Part part;
  if (type == kErrorType) {
    part.error = static_cast<ErrorCode>(reader->ReadInt());
    return part;
  }
  switch (static_cast<OpCode>(type)) {
    case OpCode::kCreate:
    case OpCode::kCreate2: {
      model::CreateReply create;
      create.path = reader->ReadString();
      create.with_stat = static_cast<OpCode>(type) == OpCode::kCreate2;
      if (create.with_stat) create.stat = ReadStat(reader);
      part.kind = Kind::kCreate;
      part.body = std::move(create);
      return part;
    }
    case OpCode::kDelete:
      part.kind = Kind::kDelete;
      return part;
    case OpCode::kCheck:
      part.kind = Kind::kCheck;
      return part;
    case OpCode::kSetData:
      part.kind = Kind::kSetData;
      part.body = model::StatReply{ReadStat(reader)};
      return part;
    default:
      reader->Fail();
      return part;
  }
}

}  // namespace

void WriteMultiReply(const MultiReply& reply, JuteWriter* writer) {
  for (const MultiReply::Part& part : reply.parts) WritePart(part, writer);
  WriteHeader(kErrorType, true, -1, writer);
}

MultiReply ReadMultiReply(JuteReader* reader) {
  MultiReply reply;
  while (true) {
    const int32_t type = reader->ReadInt();
    const bool done = reader->ReadBool();
    reader->ReadInt();  // the error, repeated in the result
    if (!reader->ok() || done) return reply;
    reply.parts.push_back(ReadPart(type, reader));
  }
}

}  // namespace rookery::wire
