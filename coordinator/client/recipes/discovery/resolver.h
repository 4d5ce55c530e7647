// The instances of a service, followed, and a choice among them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/base/random.h"
#include "coordinator/client/recipes/cache/tree_cache.h"
#include "coordinator/client/recipes/discovery/instance.h"

namespace rookery::client::recipes {

// The enabled instances of BASE/`name` at the moment; none is no error. Nodes that are no instances
// are left out.
Async<absl::StatusOr<std::vector<Instance>>> Resolve(Client* client, std::string base,
                                                     std::string name);

// How Choose() chooses.
enum class Choice {
  kRoundRobin,  // one after the other, in the order of their ids
  kRandom,
  kSticky,  // the same as long as it is there
};

// Lives on the client's executor, and ends before the client.
class Resolver {
 public:
  // Tells the enabled instances, by id, once they are read and whenever they have changed; the end
  // of the session once, as an error. May be null.
  using OnInstances = absl::AnyInvocable<void(const absl::StatusOr<std::vector<Instance>>&)>;
  Resolver(Client* client, std::string base, std::string name, Choice choice, uint64_t seed,
           OnInstances on_instances);

  const std::vector<Instance>& instances() const { return instances_; }
  // Unavailable: there is none at the moment.
  absl::StatusOr<Instance> Choose();

 private:
  void Take();

  const Choice choice_;
  Random random_;
  OnInstances on_instances_;
  std::vector<Instance> instances_;
  bool read_ = false;
  std::string last_id_;  // chosen
  std::unique_ptr<TreeCache> cache_;
};

}  // namespace rookery::client::recipes
