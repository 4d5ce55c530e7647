#include "coordinator/client/recipes/membership/group.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/plant.h"

namespace rookery::client::recipes {
namespace {

using model::ErrorCode;

constexpr char kKazooWord[] = "__party__";

}  // namespace

Group::Group(Client* client, std::string path, GroupOptions options)
    : client_(client), path_(std::move(path)), options_(std::move(options)), operations_(client) {}

Group::~Group() {
  if (!node_.empty()) client_->Delete({node_}, [](const Result<model::EmptyReply>&) {});
}

bool Group::IsMember(absl::string_view name) const {
  return options_.style != NameStyle::kKazoo || absl::StrContains(name, kKazooWord);
}

Async<absl::Status> Group::Join(std::string name, std::string about) {
  if (!node_.empty()) {
    co_return absl::FailedPreconditionError(absl::StrCat("is a member already, as ", node_));
  }
  const bool kazoo = options_.style == NameStyle::kKazoo;
  if (!kazoo && (name.empty() || absl::StrContains(name, '/'))) {
    co_return absl::InvalidArgumentError("a member's name is not empty and has no '/'");
  }
  const ErrorCode there = co_await operations_.EnsurePath(path_, options_.acl);
  if (there != ErrorCode::kOk) co_return ToStatus(there, path_);
  Line line;
  line.style = options_.style;
  line.word = kKazooWord;
  model::CreateRequest request;
  request.path = recipes::Join(path_, kazoo ? UniquePrefix(client_, line) : name);
  request.data = kazoo ? std::move(name) : std::move(about);
  request.acl = options_.acl;
  const ErrorCode made = co_await operations_.CreateEphemeral(request);
  const bool taken = made == ErrorCode::kNodeExists && !ROOKERY_PLANTED(kJoinedByName);
  if (taken || (made != ErrorCode::kOk && made != ErrorCode::kNodeExists)) {
    co_return ToStatus(made, request.path);
  }
  node_ = request.path;
  co_return absl::OkStatus();
}

Async<absl::Status> Group::Leave() {
  if (node_.empty()) co_return absl::OkStatus();
  const std::string node = std::exchange(node_, "");
  const auto deleted = co_await operations_.Delete(node);
  if (deleted.ok() || deleted.error == ErrorCode::kNoNode) co_return absl::OkStatus();
  co_return ToStatus(deleted.error, node);
}

Async<absl::StatusOr<Group::Members>> Group::Read() {
  Members members;
  const auto children = co_await operations_.GetChildren(path_);
  if (children.error == ErrorCode::kNoNode) co_return members;
  if (!children.ok()) co_return ToStatus(children.error, path_);
  for (const std::string& name : children.value.children) {
    if (!IsMember(name)) continue;
    const auto node = co_await operations_.GetData(recipes::Join(path_, name));
    if (node.error == ErrorCode::kNoNode) continue;
    if (!node.ok()) co_return ToStatus(node.error, recipes::Join(path_, name));
    members[name] = node.value.data.value_or("");
  }
  co_return members;
}

void Group::Follow(OnMembers on_members) {
  on_members_ = std::move(on_members);
  told_.reset();
  TreeCache::Observer observer;
  observer.on_settled = [this] {
    Members members;
    for (const auto& [path, node] : cache_->nodes()) {
      if (path == path_) continue;
      const std::string name = path.substr(path.rfind('/') + 1);
      if (IsMember(name)) members[name] = node.data.value_or("");
    }
    if (told_ == members) return;
    told_ = members;
    on_members_(members);
  };
  observer.on_end = [this](const absl::Status& why) { on_members_(why); };
  cache_ = std::make_unique<TreeCache>(client_, path_, 1, std::move(observer));
}

}  // namespace rookery::client::recipes
