#include "coordinator/client/recipes/counter/ids.h"

#include <utility>

#include "coordinator/base/plant.h"

namespace rookery::client::recipes {

Ids::Ids(Client* client, std::string path, int64_t block, model::Acl acl)
    : counter_(client, std::move(path), {.acl = std::move(acl)}), block_(block) {}

Async<absl::StatusOr<int64_t>> Ids::Next() {
  while (next_ == end_) {
    absl::StatusOr<Counter::Value> taken = co_await counter_.Add(block_);
    if (ROOKERY_PLANTED(kBlockGuessed) && absl::IsUnknown(taken.status())) {
      taken = co_await counter_.Get();
    }
    // Perhaps it is ours, but it can be nobody else's: on to another one.
    if (absl::IsUnknown(taken.status())) continue;
    if (!taken.ok()) co_return taken.status();
    // Another Next() of ours may have taken a block meanwhile: then this one is left out.
    if (next_ != end_) continue;
    next_ = taken->value - block_;
    end_ = taken->value;
  }
  co_return next_++;
}

}  // namespace rookery::client::recipes
