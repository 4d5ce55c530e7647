// Bodies of single requests, as they also stand in a multi. Private to wire/zookeeper.
#pragma once

#include "coordinator/model/operations.h"
#include "coordinator/model/request.h"
#include "coordinator/wire/zookeeper/jute.h"
#include "coordinator/wire/zookeeper/request.h"

namespace rookery::wire {

// ZooKeeper finds a null path at another place in a multi (malformed) than alone (a bad path, as an
// empty one is; that of a create only where its flags are bad, which it looks at first).
enum class NullPath { kMalformed, kEmpty };
model::CreateRequest ReadCreate(JuteReader* reader, bool want_stat, NullPath null_path);
model::DeleteRequest ReadDelete(JuteReader* reader);
model::SetDataRequest ReadSetData(JuteReader* reader, NullPath null_path);
model::CheckRequest ReadCheck(JuteReader* reader);

void WriteBody(const model::CreateRequest& request, JuteWriter* writer);
void WriteBody(const model::DeleteRequest& request, JuteWriter* writer);
void WriteBody(const model::SetDataRequest& request, JuteWriter* writer);
void WriteBody(const model::CheckRequest& request, JuteWriter* writer);

inline model::OpCode OpCodeOf(const model::CreateRequest& request) {
  if (request.container) return model::OpCode::kCreateContainer;
  return request.want_stat ? model::OpCode::kCreate2 : model::OpCode::kCreate;
}
inline model::OpCode OpCodeOf(const model::DeleteRequest&) { return model::OpCode::kDelete; }
inline model::OpCode OpCodeOf(const model::SetDataRequest&) { return model::OpCode::kSetData; }
inline model::OpCode OpCodeOf(const model::CheckRequest&) { return model::OpCode::kCheck; }

// The parts of a multi up to its terminator. `bad` is set instead if it cannot be taken as a whole.
model::MultiRequest ReadMulti(JuteReader* reader, std::optional<BadRequest>* bad);
void WriteBody(const model::MultiRequest& request, JuteWriter* writer);

}  // namespace rookery::wire
