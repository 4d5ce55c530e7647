// A hello as a protobuf message. Private to the module.
#pragma once

#include "absl/status/statusor.h"
#include "coordinator/consensus/peer/hello.h"

namespace rookery::internal::v1 {
class Hello;
}

namespace rookery::consensus {

void HelloToProto(const Hello& hello, internal::v1::Hello* out);

// InvalidArgument says what is wrong with it.
absl::StatusOr<Hello> HelloFromProto(const internal::v1::Hello& in);

}  // namespace rookery::consensus
