// rookery.v1 messages <-> values. No I/O.
#pragma once

#include <optional>
#include <variant>

#include "absl/status/statusor.h"
#include "coordinator/model/event.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/request.h"
#include "rookery/v1/types.pb.h"

namespace rookery::frontend {

struct AuthenticateRequest {
  std::string scheme;
  std::string auth;
};

// What an Operation asks for, by how it travels.
using AnyOperation = std::variant<model::WriteOperation, model::ReadOperation, AuthenticateRequest>;

// InvalidArgument: no kind is set, or a multi has an empty part.
absl::StatusOr<AnyOperation> FromProto(const v1::Operation& operation);

// One write's message; consumed, so that large data is moved and not copied.
model::WriteOperation FromProto(v1::Create create);
model::WriteOperation FromProto(v1::Delete request);
model::WriteOperation FromProto(v1::SetData request);
model::WriteOperation FromProto(v1::SetAcl request);
absl::StatusOr<model::WriteOperation> FromProto(v1::Multi multi);

v1::ErrorCode ToProto(model::ErrorCode error);
void ToProto(const model::Stat& stat, v1::Stat* out);
void ToProto(model::Reply reply, v1::Result* out);
void ToProto(const model::Event& event, v1::Event* out);
void ToProto(model::Data data, v1::Data* out);

}  // namespace rookery::frontend
