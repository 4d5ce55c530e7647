#include "coordinator/client/recipes/discovery/registration.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/client/recipes/contention/line.h"

namespace rookery::client::recipes {

using model::ErrorCode;

Registration::Registration(Client* client, std::string base, model::Acl acl)
    : client_(client), base_(std::move(base)), acl_(std::move(acl)), operations_(client) {}

Registration::~Registration() {
  if (!node_.empty()) client_->Delete({node_}, [](const Result<model::EmptyReply>&) {});
}

Async<absl::Status> Registration::Register(Instance instance) {
  if (instance.name.empty() || absl::StrContains(instance.name, '/') ||
      absl::StrContains(instance.id, '/')) {
    co_return absl::InvalidArgumentError("a service's name is not empty and has no '/'");
  }
  const std::string parent = Join(base_, instance.name);
  const ErrorCode there = co_await operations_.EnsurePath(parent, acl_);
  if (there != ErrorCode::kOk) co_return ToStatus(there, parent);
  if (instance.id.empty() && !node_.empty()) instance.id = node_.substr(node_.rfind('/') + 1);
  if (instance.id.empty()) {
    Line none;
    none.style = NameStyle::kKazoo;
    instance.id = UniquePrefix(client_, none);
  }
  absl::StatusOr<std::string> data = EncodeInstance(instance);
  if (!data.ok()) co_return data.status();
  const std::string path = Join(parent, instance.id);
  if (path != node_) {
    const absl::Status withdrawn = co_await Withdraw();
    if (!withdrawn.ok()) co_return withdrawn;
    co_return co_await Create(path, *std::move(data));
  }
  model::SetDataRequest request;
  request.path = path;
  request.data = *std::move(data);
  auto written = co_await operations_.SetData(request);
  while (written.maybe_applied) written = co_await operations_.SetData(request);
  if (written.ok()) co_return absl::OkStatus();
  node_.clear();
  co_return ToStatus(written.error, path);
}

Async<absl::Status> Registration::Create(std::string path, std::string data) {
  model::CreateRequest request;
  request.path = path;
  request.data = std::move(data);
  request.acl = acl_;
  const ErrorCode made = co_await operations_.CreateEphemeral(std::move(request));
  if (made != ErrorCode::kOk) co_return ToStatus(made, path);
  node_ = path;
  co_return absl::OkStatus();
}

Async<absl::Status> Registration::Withdraw() {
  if (node_.empty()) co_return absl::OkStatus();
  const std::string node = std::exchange(node_, "");
  const auto deleted = co_await operations_.Delete(node);
  if (deleted.ok() || deleted.error == ErrorCode::kNoNode) co_return absl::OkStatus();
  co_return ToStatus(deleted.error, node);
}

}  // namespace rookery::client::recipes
