// Puts items and takes them.
#include "coordinator/client/recipes/queue/queue.h"

#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

constexpr int64_t kPaceUs = 800'000;

class QueueRole final : public Role {
 public:
  explicit QueueRole(const Seat& seat)
      : Role(seat, kPaceUs), queue_(client(), PathOf(Recipe::kQueue)) {}

 private:
  Async<> Round() override {
    if (random().Chance(0.55)) {
      const size_t place = facts().puts.size();
      std::string item = absl::StrCat("item-", scene()->NextNumber());
      facts().puts.push_back({.recipe = Recipe::kQueue, .party = seat().party, .item = item});
      const absl::Status put = co_await queue_.Put(std::move(item));
      facts().puts[place].fate = FateOf(put, *client());
      co_return;
    }
    const auto item = co_await queue_.Take(random().Between(200, 3'000));
    if (!item.ok()) co_return;
    Trace("takes ", *item);
    facts().taken.push_back(
        {.recipe = Recipe::kQueue, .party = seat().party, .item = *item, .order = Now()});
  }

  client::recipes::Queue queue_;
};

}  // namespace

std::unique_ptr<Role> MakeQueue(const Seat& seat) { return std::make_unique<QueueRole>(seat); }

}  // namespace rookery::sim
