// multi := (header record)* terminator
// header := type:int done:bool(0) err:int(-1)      terminator := -1:int 1:bool -1:int
// record := the body of the operation alone
#include <utility>

#include "coordinator/wire/zookeeper/records.h"
#include "coordinator/wire/zookeeper/request_body.h"

namespace rookery::wire {
namespace {

// Flags that some create knows; whether it may be used is decided at Apply.
constexpr int32_t kCreateFlagsMax = 6;
// Those of them that op create does not refuse at once.
constexpr int32_t kPlainFlagsMax = 4;

}  // namespace

model::CreateRequest ReadCreate(JuteReader* reader, bool want_stat, NullPath null_path) {
  model::CreateRequest request;
  const auto path = reader->ReadBuffer();
  request.path = std::string(path.value_or(""));
  request.data = ReadData(reader);
  request.acl = ReadAcl(reader);
  request.flags = reader->ReadInt();
  request.want_stat = want_stat;
  const bool refused = request.flags < 0 || request.flags > kPlainFlagsMax;
  if (!path.has_value() && !(refused && null_path == NullPath::kEmpty)) reader->Fail();
  return request;
}

model::DeleteRequest ReadDelete(JuteReader* reader) {
  model::DeleteRequest request;
  request.path = reader->ReadString();
  request.version = reader->ReadInt();
  return request;
}

model::SetDataRequest ReadSetData(JuteReader* reader, NullPath null_path) {
  model::SetDataRequest request;
  request.path = null_path == NullPath::kEmpty ? reader->ReadStringOrNull() : reader->ReadString();
  request.data = ReadData(reader);
  request.version = reader->ReadInt();
  return request;
}

model::CheckRequest ReadCheck(JuteReader* reader) {
  model::CheckRequest request;
  request.path = reader->ReadString();
  request.version = reader->ReadInt();
  return request;
}

void WriteBody(const model::CreateRequest& request, JuteWriter* writer) {
  writer->WriteString(request.path);
  writer->WriteBuffer(request.data);
  WriteAcl(request.acl, writer);
  writer->WriteInt(request.flags);
}

void WriteBody(const model::DeleteRequest& request, JuteWriter* writer) {
  writer->WriteString(request.path);
  writer->WriteInt(request.version);
}

void WriteBody(const model::SetDataRequest& request, JuteWriter* writer) {
  writer->WriteString(request.path);
  writer->WriteBuffer(request.data);
  writer->WriteInt(request.version);
}

void WriteBody(const model::CheckRequest& request, JuteWriter* writer) {
  writer->WriteString(request.path);
  writer->WriteInt(request.version);
}

model::MultiRequest ReadMulti(JuteReader* reader, std::optional<BadRequest>* bad) {
  using model::OpCode;
  model::MultiRequest multi;
  bool not_built = false;
  while (true) {
    const int32_t type = reader->ReadInt();
    const bool done = reader->ReadBool();
    reader->ReadInt();  // an error, meaningless here
    if (!reader->ok() || done) break;
    switch (static_cast<OpCode>(type)) {
      case OpCode::kCreate:
      case OpCode::kCreate2:
      case OpCode::kCreateContainer: {  // its flags say whether it is one
        model::CreateRequest create =
            ReadCreate(reader, static_cast<OpCode>(type) != OpCode::kCreate, NullPath::kMalformed);
        if (create.flags < 0 || create.flags > kCreateFlagsMax) reader->Fail();
        multi.parts.emplace_back(std::move(create));
        break;
      }
      case OpCode::kCreateTtl:
        ReadCreate(reader, true, NullPath::kMalformed);
        reader->ReadLong();
        not_built = true;
        break;
      case OpCode::kDelete:
        multi.parts.emplace_back(ReadDelete(reader));
        break;
      case OpCode::kSetData:
        multi.parts.emplace_back(ReadSetData(reader, NullPath::kMalformed));
        break;
      case OpCode::kCheck:
        multi.parts.emplace_back(ReadCheck(reader));
        break;
      default:
        reader->Fail();
    }
  }
  if (!reader->ok()) {
    *bad = BadRequest::kMalformed;
  } else if (not_built) {
    *bad = BadRequest::kNotBuilt;
  }
  return multi;
}

void WriteBody(const model::MultiRequest& request, JuteWriter* writer) {
  for (const model::MultiRequest::Part& part : request.parts) {
    std::visit(
        [&](const auto& operation) {
          writer->WriteInt(static_cast<int32_t>(OpCodeOf(operation)));
          writer->WriteBool(false);
          writer->WriteInt(-1);
          WriteBody(operation, writer);
        },
        part);
  }
  writer->WriteInt(-1);
  writer->WriteBool(true);
  writer->WriteInt(-1);
}

}  // namespace rookery::wire
