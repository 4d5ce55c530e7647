// Write requests inside of log entries. Private to wire; the grammar stands in the source.
#pragma once

#include <string>

#include "coordinator/model/request.h"
#include "coordinator/base/varint.h"

namespace rookery::wire {

void PutWriteRequest(const model::WriteRequest& request, std::string* out);
model::WriteRequest ReadWriteRequest(VarintReader* in);

}  // namespace rookery::wire
