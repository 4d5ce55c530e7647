#include "broker-sim/broker/authorizer.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::broker_sim {

Authorizer::Authorizer(int32_t broker, std::unique_ptr<Session> session, Executor* executor,
                       const Clock* clock, Timeline* timeline, std::set<std::string> super_users)
    : broker_(broker),
      session_(std::move(session)),
      timeline_(timeline),
      literal_(std::string(kafka::kAclChangesPath), session_.get(), executor, clock,
               [this](std::string data) { return Handle(false, std::move(data)); }),
      prefixed_(std::string(kafka::kExtendedAclChangesPath), session_.get(), executor, clock,
                [this](std::string data) { return Handle(true, std::move(data)); }) {
  settings_.super_users = std::move(super_users);
}

void Authorizer::Start() {
  session_->client().Connect();
  scope_.Spawn(Main());
}

// Every start tries to create all of the roots.
Async<> Authorizer::Main() {
  for (const std::string& path : kafka::AclRootPaths()) {
    co_await session_->Create(path, std::nullopt);
  }
  co_await literal_.Catch();
  co_await prefixed_.Catch();
  co_await ReadAll(kafka::PatternType::kLiteral);
  co_await ReadAll(kafka::PatternType::kPrefixed);
  started_ = true;
  scope_.Spawn(prefixed_.Follow(false));
  co_await literal_.Follow(false);
}

Async<> Authorizer::ReadAll(kafka::PatternType pattern) {
  for (const kafka::ResourceType type : kafka::kResourceTypes) {
    const auto names = co_await session_->GetChildren(kafka::AclTypePath(type, pattern));
    for (const std::string& name : names.value.children) {
      kafka::ResourcePattern resource = {.type = type, .name = name, .pattern = pattern};
      co_await Read(std::move(resource));
    }
  }
}

Async<> Authorizer::Read(kafka::ResourcePattern resource) {
  const auto node = co_await session_->GetData(kafka::AclPath(resource));
  const auto entries = kafka::DecodeAcls(node.value.data.value_or(""));
  if (!node.ok() || (entries.ok() && entries->empty())) {
    acls_.erase(resource);
  } else if (entries.ok()) {
    acls_[resource] = *entries;
  } else {
    timeline_->Tell(
        {.name = "error", .broker = broker_, .text = std::string(entries.status().message())});
  }
}

Async<> Authorizer::Handle(bool extended, std::string notification) {
  const auto resource = kafka::DecodeAclChange(extended, notification);
  if (!resource.ok()) {
    timeline_->Tell(
        {.name = "error", .broker = broker_, .text = std::string(resource.status().message())});
    co_return;
  }
  co_await Read(*resource);
  if (!started_) co_return;
  const auto entries = acls_.find(*resource);
  timeline_->Tell(
      {.name = "acl_applied",
       .broker = broker_,
       .text = absl::StrCat("broker ", broker_, " took over the ACLs of ",
                            kafka::NodeName(resource->type), ":", resource->name, ": ",
                            entries == acls_.end() ? 0 : entries->second.size(), " entries")});
}

}  // namespace rookery::broker_sim
