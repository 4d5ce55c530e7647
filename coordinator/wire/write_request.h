// Write requests inside of log entries. Private to wire; the grammar stands in the source.
#pragma once

#include <string>

#include "coordinator/base/varint.h"
#include "coordinator/model/request.h"

namespace rookery::wire {

void PutWriteRequest(const model::WriteRequest& request, std::string* out);
// Fills a fresh request, to be thrown away if the reader failed.
void ReadWriteRequest(VarintReader* in, model::WriteRequest* request);

}  // namespace rookery::wire
