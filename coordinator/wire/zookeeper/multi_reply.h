// The body of a multi's reply. Private to wire/zookeeper. Source: zookeeper-protocol 1.6.
#pragma once

#include "coordinator/model/reply.h"
#include "coordinator/wire/zookeeper/jute.h"

namespace rookery::wire {

void WriteMultiReply(const model::MultiReply& reply, JuteWriter* writer);
model::MultiReply ReadMultiReply(JuteReader* reader);

}  // namespace rookery::wire
