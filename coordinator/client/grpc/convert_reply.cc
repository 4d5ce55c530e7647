#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/grpc/convert.h"

namespace rookery::client {
namespace {

using model::ErrorCode;
using Part = model::MultiReply::Part;

model::Stat ToStat(const v1::Stat& stat) {
  return {.czxid = stat.czxid(),
          .mzxid = stat.mzxid(),
          .ctime_ms = stat.ctime_ms(),
          .mtime_ms = stat.mtime_ms(),
          .version = stat.version(),
          .cversion = stat.cversion(),
          .aversion = stat.aversion(),
          .ephemeral_owner = stat.ephemeral_owner(),
          .data_length = stat.data_length(),
          .num_children = stat.num_children(),
          .pzxid = stat.pzxid()};
}

model::CreateReply ToCreateReply(v1::Result* result, bool want_stat) {
  return {.path = std::move(*result->mutable_path()),
          .stat = ToStat(result->stat()),
          .with_stat = want_stat};
}

Part ToPart(const Asked::Part& asked, v1::Result* result) {
  switch (asked.kind) {
    case Part::Kind::kCreate:
      return {asked.kind, ErrorCode::kOk, ToCreateReply(result, asked.want_stat)};
    case Part::Kind::kSetData:
      return {asked.kind, ErrorCode::kOk, model::StatReply{ToStat(result->stat())}};
    case Part::Kind::kDelete:
    case Part::Kind::kCheck:
    case Part::Kind::kError:
      break;
  }
  return {asked.kind, ErrorCode::kOk, model::EmptyReply{}};
}

// REQUIRES: the result has parts.
absl::StatusOr<model::MultiReply> ToMultiReply(v1::Result* result, const Asked& asked) {
  if (static_cast<size_t>(result->parts_size()) != asked.parts.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected ", asked.parts.size(), " results of a multi, found ", result->parts_size()));
  }
  const bool failed = result->error() != v1::ERROR_CODE_OK;
  model::MultiReply reply;
  for (size_t i = 0; i < asked.parts.size(); ++i) {
    v1::Result* part = result->mutable_parts(static_cast<int>(i));
    if (failed) {
      reply.parts.push_back({Part::Kind::kError, FromProto(part->error()), model::EmptyReply{}});
    } else {
      reply.parts.push_back(ToPart(asked.parts[i], part));
    }
  }
  return reply;
}

absl::StatusOr<model::ReplyBody> ToBody(v1::Result* result, const Asked& asked) {
  switch (asked.kind) {
    case v1::Operation::kCreate:
      return ToCreateReply(result, asked.want_stat);
    case v1::Operation::kSetData:
    case v1::Operation::kSetAcl:
    case v1::Operation::kExists:
      return model::StatReply{ToStat(result->stat())};
    case v1::Operation::kGetData: {
      model::DataReply reply{.stat = ToStat(result->stat())};
      if (result->data().has_value()) {
        reply.data = std::move(*result->mutable_data()->mutable_value());
      }
      return reply;
    }
    case v1::Operation::kGetChildren:
      return model::ChildrenReply{{std::make_move_iterator(result->mutable_children()->begin()),
                                   std::make_move_iterator(result->mutable_children()->end())},
                                  ToStat(result->stat()),
                                  asked.want_stat};
    case v1::Operation::kGetAcl: {
      model::AclReply reply{.stat = ToStat(result->stat())};
      for (const v1::AclEntry& entry : result->acl()) {
        reply.acl.push_back({entry.permissions(), {entry.scheme(), entry.id()}});
      }
      return reply;
    }
    case v1::Operation::kSync:
      return model::SyncReply{std::move(*result->mutable_path())};
    case v1::Operation::kMulti: {
      ROOKERY_ASSIGN_OR_RETURN(model::MultiReply reply, ToMultiReply(result, asked));
      return reply;
    }
    case v1::Operation::kAddWatch:
      return model::AddWatchReply{};
    case v1::Operation::kWhoAmI: {
      model::WhoAmIReply reply;
      for (const v1::Identity& identity : result->identities()) {
        reply.identities.push_back({identity.scheme(), identity.id()});
      }
      return reply;
    }
    case v1::Operation::kGetEphemerals:
      return model::EphemeralsReply{{std::make_move_iterator(result->mutable_ephemerals()->begin()),
                                     std::make_move_iterator(result->mutable_ephemerals()->end())}};
    case v1::Operation::kDelete:
    case v1::Operation::kCloseSession:
    case v1::Operation::kAuthenticate:
    case v1::Operation::kSetWatches:
    case v1::Operation::kCheckWatches:
    case v1::Operation::kRemoveWatches:
    case v1::Operation::KIND_NOT_SET:
      break;
  }
  return model::EmptyReply{};
}

}  // namespace

ErrorCode FromProto(v1::ErrorCode error) {
  if (error == v1::ERROR_CODE_OK) return ErrorCode::kOk;
  if (error == v1::ERROR_CODE_UNSPECIFIED || !v1::ErrorCode_IsValid(error)) {
    return ErrorCode::kMarshallingError;
  }
  return static_cast<ErrorCode>(-static_cast<int32_t>(error));
}

absl::StatusOr<model::Reply> FromProto(v1::Result result, const Asked& asked) {
  model::Reply reply{.error = FromProto(result.error()), .zxid = result.zxid()};
  if (asked.kind == v1::Operation::kMulti && result.parts_size() > 0) reply.error = ErrorCode::kOk;
  if (reply.error == ErrorCode::kOk) {
    ROOKERY_ASSIGN_OR_RETURN(reply.body, ToBody(&result, asked));
  }
  return reply;
}

absl::StatusOr<model::Event> FromProto(v1::Event event) {
  if (event.type() == v1::EVENT_TYPE_UNSPECIFIED || !v1::EventType_IsValid(event.type())) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a kind of event, found number ", static_cast<int>(event.type())));
  }
  return model::Event{static_cast<model::EventType>(event.type()), std::move(*event.mutable_path()),
                      event.zxid()};
}

}  // namespace rookery::client
