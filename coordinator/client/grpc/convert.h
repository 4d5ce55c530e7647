// Values <-> messages of rookery.v1, the client's side. No I/O.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/client/client.h"
#include "coordinator/model/event.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/request.h"
#include "rookery/v1/types.pb.h"

namespace rookery::client {

// What must be known of a request to read its result, which does not say what it answers.
struct Asked {
  v1::Operation::KindCase kind = v1::Operation::KIND_NOT_SET;
  bool want_stat = false;
  struct Part {
    model::MultiReply::Part::Kind kind = model::MultiReply::Part::Kind::kError;
    bool want_stat = false;
  };
  std::vector<Part> parts;  // of a multi
};

// Fills `out`. REQUIRES: not an open, attach or ping.
Asked ToProto(const model::WriteOperation& operation, v1::Operation* out);
Asked ToProto(const model::ReadOperation& operation, v1::Operation* out);

// As the ZooKeeper protocol answers: a multi that failed in a part is an Ok reply whose parts tell.
// InvalidArgument: the result has not the parts that were asked for.
absl::StatusOr<model::Reply> FromProto(v1::Result result, const Asked& asked);
// A code unknown here is MarshallingError.
model::ErrorCode FromProto(v1::ErrorCode error);
// InvalidArgument: an unknown kind of event.
absl::StatusOr<model::Event> FromProto(v1::Event event);

}  // namespace rookery::client
