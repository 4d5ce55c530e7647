#include "coordinator/client/recipes/support/operations.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/model/path.h"

namespace rookery::client::recipes {
namespace {

using model::ErrorCode;

bool Unanswered(ErrorCode error) {
  return error == ErrorCode::kConnectionLoss || error == ErrorCode::kOperationTimeout;
}

Watch Copy(const Operations::RepeatedWatch& watch) {
  if (watch == nullptr) return nullptr;
  return [watch](const WatchEvent& event) { watch(event); };
}

}  // namespace

std::string Join(absl::string_view parent, absl::string_view name) {
  return absl::StrCat(parent, absl::EndsWith(parent, "/") ? "" : "/", name);
}

absl::Status ToStatus(ErrorCode error, absl::string_view path) {
  const std::string text = absl::StrCat(model::ErrorName(error), " for ", path);
  switch (error) {
    case ErrorCode::kNoNode:
      return absl::NotFoundError(absl::StrCat("there is no node ", path));
    case ErrorCode::kNodeExists:
      return absl::AlreadyExistsError(absl::StrCat("there is a node ", path, " already"));
    case ErrorCode::kNoAuth:
      return absl::PermissionDeniedError(absl::StrCat(
          "the ACL of ", path, " does not allow it: present a credential that it does"));
    case ErrorCode::kSessionExpired:
      return absl::AbortedError("the session is over: open another one");
    case ErrorCode::kAuthFailed:
      return absl::UnauthenticatedError("a credential was refused");
    case ErrorCode::kBadArguments:
    case ErrorCode::kInvalidAcl:
      return absl::InvalidArgumentError(text);
    case ErrorCode::kNoChildrenForEphemerals:
      return absl::FailedPreconditionError(
          absl::StrCat("the parent of ", path, " is ephemeral and can have no children"));
    case ErrorCode::kNotReadOnly:
      return absl::UnavailableError("the server is read-only: it has lost the others");
    case ErrorCode::kQuotaExceeded:
      return absl::ResourceExhaustedError(text);
    default:
      return absl::UnknownError(text);
  }
}

template <typename Value>
Async<Result<Value>> Operations::Once(Start<Value> start) {
  Completion<Result<Value>> done;
  Done<Value> answer = [owner = owner_.lock(), tell = done.Callback()](
                           Result<Value> result) mutable { tell(std::move(result)); };
  start(std::move(answer));
  co_return co_await done;
}

template <typename Value>
Async<Result<Value>> Operations::Repeat(Start<Value> start) {
  while (true) {
    Result<Value> result = co_await Once<Value>(start);
    if (!Unanswered(result.error)) co_return result;
  }
}

template <typename Value>
Async<Result<Value>> Operations::Try(Start<Value> start) {
  while (true) {
    Result<Value> result = co_await Once<Value>(start);
    if (!Unanswered(result.error) || result.maybe_applied) co_return result;
  }
}

template <typename Reply>
Async<Result<Reply>> Operations::Read(WatchedRead<Reply> read, std::string path,
                                      RepeatedWatch watch) {
  Start<Reply> start = [client = client_, read, path, watch](Done<Reply> done) {
    (client->*read)(path, Copy(watch), std::move(done), Client::kTimeoutOfOptions);
  };
  co_return co_await Repeat<Reply>(std::move(start));
}

Async<Result<model::StatReply>> Operations::Exists(std::string path, RepeatedWatch watch) {
  return Read<model::StatReply>(&Client::Exists, std::move(path), std::move(watch));
}

Async<Result<model::DataReply>> Operations::GetData(std::string path, RepeatedWatch watch) {
  return Read<model::DataReply>(&Client::GetData, std::move(path), std::move(watch));
}

Async<Result<model::ChildrenReply>> Operations::GetChildren(std::string path, RepeatedWatch watch) {
  return Read<model::ChildrenReply>(&Client::GetChildren, std::move(path), std::move(watch));
}

Async<Result<model::SyncReply>> Operations::Sync(std::string path) {
  Start<model::SyncReply> start = [this, path](auto done) { client_->Sync(path, std::move(done)); };
  co_return co_await Repeat<model::SyncReply>(std::move(start));
}

template <typename Reply, typename Request>
Async<Result<Reply>> Operations::Write(void (Client::*write)(Request, Done<Reply>, int32_t),
                                       Request request) {
  Start<Reply> start = [client = client_, write, request](Done<Reply> done) {
    (client->*write)(request, std::move(done), Client::kTimeoutOfOptions);
  };
  co_return co_await Try<Reply>(std::move(start));
}

Async<Result<model::CreateReply>> Operations::Create(model::CreateRequest request) {
  return Write(&Client::Create, std::move(request));
}

Async<Result<model::CreateReply>> Operations::CreateWithParents(model::CreateRequest request) {
  while (true) {
    auto made = co_await Create(request);
    if (made.error != ErrorCode::kNoNode) co_return made;
    made.error = co_await EnsurePath(std::string(model::ParentPath(request.path)),
                                     request.acl.value_or(model::Acl()));
    if (made.error != ErrorCode::kOk) co_return made;
  }
}

Async<Result<model::StatReply>> Operations::SetData(model::SetDataRequest request) {
  return Write(&Client::SetData, std::move(request));
}

Async<Result<model::EmptyReply>> Operations::DeleteOnce(model::DeleteRequest request) {
  return Write(&Client::Delete, std::move(request));
}

Async<Result<model::MultiReply>> Operations::Multi(model::MultiRequest request) {
  return Write(&Client::Multi, std::move(request));
}

Async<Result<model::EmptyReply>> Operations::Delete(std::string path) {
  model::DeleteRequest request;
  request.path = std::move(path);
  bool maybe_applied = false;
  while (true) {
    auto result = co_await DeleteOnce(request);
    if (result.error == ErrorCode::kNoNode && maybe_applied) result.error = ErrorCode::kOk;
    if (!Unanswered(result.error)) co_return result;
    maybe_applied = true;
  }
}

Async<ErrorCode> Operations::EnsurePath(std::string path, model::Acl acl) {
  if (path.empty()) path = "/";
  const auto there = co_await Exists(path);
  if (there.error != ErrorCode::kNoNode) co_return there.error;
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    model::CreateRequest request;
    request.path = path.substr(0, slash);
    request.data = "";
    request.acl = acl;
    auto made = co_await Create(request);
    while (Unanswered(made.error)) made = co_await Create(request);
    if (made.error == ErrorCode::kNoNode && request.path.rfind('/') > 0) {
      slash = 0;  // a container above it went just now: from the top once more
      continue;
    }
    if (!made.ok() && made.error != ErrorCode::kNodeExists) {
      // Who may not create here may still find it made by somebody who may.
      const auto now = co_await Exists(request.path);
      if (!now.ok()) co_return now.error == ErrorCode::kNoNode ? made.error : now.error;
    }
    if (slash == std::string::npos) co_return ErrorCode::kOk;
  }
}

Async<ErrorCode> Operations::Settle(std::string path) {
  const auto settled = co_await Sync(path);
  co_return settled.error;
}

Async<ErrorCode> Operations::CreateEphemeral(model::CreateRequest request) {
  request.flags = model::kEphemeral;
  bool maybe_ours = false;
  while (true) {
    const auto made = co_await CreateWithParents(request);
    if (made.maybe_applied) {
      maybe_ours = true;
      continue;
    }
    if (made.error != ErrorCode::kNodeExists || !maybe_ours) co_return made.error;
    const auto found = co_await Exists(request.path);
    if (found.error == ErrorCode::kNoNode) continue;
    if (!found.ok()) co_return found.error;
    co_return found.value.stat.ephemeral_owner == client_->session() ? ErrorCode::kOk
                                                                     : ErrorCode::kNodeExists;
  }
}

Async<Result<Operations::Made>> Operations::CreateSequential(std::string parent, std::string prefix,
                                                             model::Data data, model::Acl acl,
                                                             int32_t flags) {
  model::CreateRequest request;
  request.path = Join(parent, prefix);
  request.data = std::move(data);
  request.acl = acl;
  request.flags = flags;
  request.want_stat = true;
  Result<Made> made;
  while (true) {
    auto created = co_await Create(request);
    made.error = created.error;
    if (created.ok()) {
      made.value.name = created.value.path.substr(request.path.size() - prefix.size());
      made.value.czxid = created.value.stat.czxid;
      co_return made;
    }
    if (created.error == ErrorCode::kNoNode) {
      made.error = co_await EnsurePath(parent, acl);
      if (made.error != ErrorCode::kOk) co_return made;
      continue;
    }
    if (!Unanswered(created.error)) co_return made;
    // It may be there, or still on its way.
    made.error = co_await Settle(parent);
    if (made.error != ErrorCode::kOk) co_return made;
    const auto children = co_await GetChildren(parent);
    if (!children.ok() && children.error != ErrorCode::kNoNode) {
      made.error = children.error;
      co_return made;
    }
    for (const std::string& child : children.value.children) {
      if (!absl::StartsWith(child, prefix)) continue;
      const auto found = co_await Exists(Join(parent, child));
      made.error = found.error;
      if (found.error == ErrorCode::kNoNode) break;  // somebody was quick to delete it: once more
      made.value = Made{child, found.value.stat.czxid};
      co_return made;
    }
  }
}

}  // namespace rookery::client::recipes
