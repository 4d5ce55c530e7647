#include "coordinator/client/recipes/discovery/resolver.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/plant.h"

namespace rookery::client::recipes {

using model::ErrorCode;

Async<absl::StatusOr<std::vector<Instance>>> Resolve(Client* client, std::string base,
                                                     std::string name) {
  Operations operations(client);
  const std::string parent = Join(base, name);
  std::vector<Instance> instances;
  const auto children = co_await operations.GetChildren(parent);
  if (children.error == ErrorCode::kNoNode) co_return instances;
  if (!children.ok()) co_return ToStatus(children.error, parent);
  for (const std::string& id : children.value.children) {
    const std::string path = Join(parent, id);
    const auto node = co_await operations.GetData(path);
    if (node.error == ErrorCode::kNoNode) continue;
    if (!node.ok()) co_return ToStatus(node.error, path);
    absl::StatusOr<Instance> instance = DecodeInstance(node.value.data.value_or(""));
    if (instance.ok() && instance->enabled) instances.push_back(*std::move(instance));
  }
  co_return instances;
}

Resolver::Resolver(Client* client, std::string base, std::string name, Choice choice, uint64_t seed,
                   OnInstances on_instances)
    : choice_(choice), random_(seed), on_instances_(std::move(on_instances)) {
  TreeCache::Observer observer;
  observer.on_settled = [this] { Take(); };
  observer.on_end = [this](const absl::Status& why) {
    instances_.clear();
    if (on_instances_) on_instances_(why);
  };
  cache_ = std::make_unique<TreeCache>(client, Join(base, name), 1, std::move(observer));
}

void Resolver::Take() {
  const std::vector<Instance> before = std::exchange(instances_, {});
  for (const auto& [path, node] : cache_->nodes()) {
    absl::StatusOr<Instance> instance = DecodeInstance(node.data.value_or(""));
    if (instance.ok() && instance->enabled) instances_.push_back(*std::move(instance));
  }
  if (ROOKERY_PLANTED(kLastInstanceKept) && instances_.empty()) instances_ = before;
  std::sort(instances_.begin(), instances_.end(),
            [](const Instance& a, const Instance& b) { return a.id < b.id; });
  if (std::exchange(read_, true) && instances_ == before) return;
  if (on_instances_) on_instances_(instances_);
}

absl::StatusOr<Instance> Resolver::Choose() {
  if (instances_.empty()) return absl::UnavailableError("there is no instance at the moment");
  const auto by_id = [](const Instance& instance, const std::string& id) {
    return instance.id < id;
  };
  auto chosen = std::lower_bound(instances_.begin(), instances_.end(), last_id_, by_id);
  switch (choice_) {
    case Choice::kRandom:
      chosen = instances_.begin() + static_cast<int64_t>(random_.Below(instances_.size()));
      break;
    case Choice::kRoundRobin:
      if (chosen != instances_.end() && chosen->id == last_id_) ++chosen;
      break;
    case Choice::kSticky:
      if (chosen == instances_.end() || chosen->id != last_id_) {
        chosen = instances_.begin() + static_cast<int64_t>(random_.Below(instances_.size()));
      }
      break;
  }
  if (chosen == instances_.end()) chosen = instances_.begin();
  last_id_ = chosen->id;
  return *chosen;
}

}  // namespace rookery::client::recipes
