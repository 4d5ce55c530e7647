// Puts items, takes them, works for a while, and confirms them, gives them back, or lets them go
// with the object.
#include "coordinator/client/recipes/queue/confirmed_queue.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

using client::recipes::ConfirmedQueue;

constexpr int64_t kPaceUs = 600'000;

class ConfirmedQueueRole final : public Role {
 public:
  explicit ConfirmedQueueRole(const Seat& seat) : Role(seat, kPaceUs) { MakeQueue(); }
  ~ConfirmedQueueRole() override {
    if (works_) Count(Rare::kConsumersLost);
  }

 private:
  void MakeQueue() {
    queue_ = std::make_unique<ConfirmedQueue>(client(), PathOf(Recipe::kConfirmedQueue));
  }

  Async<> Round() override {
    if (random().Chance(0.45)) {
      const size_t place = facts().puts.size();
      std::string item = absl::StrCat("item-", scene()->NextNumber());
      facts().puts.push_back(
          {.recipe = Recipe::kConfirmedQueue, .party = seat().party, .item = item});
      const absl::Status put = co_await queue_->Put(std::move(item));
      facts().puts[place].fate = FateOf(put, *client());
      co_return;
    }
    const auto item = co_await queue_->Take(random().Between(200, 3'000));
    if (!item.ok()) co_return;
    works_ = true;
    const size_t place = Note(*item);
    co_await Pause(1'500'000);
    co_await LetGo(place);
    works_ = false;
  }

  size_t Note(const std::string& item) {
    Trace("takes ", item);
    std::vector<Taken>& taken = facts().taken;
    if (std::any_of(taken.begin(), taken.end(), [&](const Taken& one) {
          return one.item == item && one.fate != Fate::kRefused;
        })) {
      Count(Rare::kItemsTakenAgain);
    }
    taken.push_back({.recipe = Recipe::kConfirmedQueue,
                     .party = seat().party,
                     .session = client()->session(),
                     .item = item,
                     .order = Now()});
    return taken.size() - 1;
  }

  Async<> LetGo(size_t place) {
    const uint64_t what = random().Below(10);
    if (what == 0) {
      MakeQueue();  // the one before gives it back
    } else if (what == 1) {
      const absl::Status given = co_await queue_->GiveBack();
      Trace("gives back ", facts().taken[place].item, ": ", given.ToString());
    } else {
      facts().taken[place].confirms = true;
      const absl::Status confirmed = co_await queue_->Confirm();
      Taken& taken = facts().taken[place];
      taken.fate = FateOf(confirmed, *client());
      taken.confirmed = Now();
      if (taken.fate != Fate::kDone) Count(Rare::kConfirmsTooLate);
      Trace("confirms ", taken.item, ": ", confirmed.ToString());
    }
  }

  bool works_ = false;
  std::unique_ptr<ConfirmedQueue> queue_;
};

}  // namespace

std::unique_ptr<Role> MakeConfirmedQueue(const Seat& seat) {
  return std::make_unique<ConfirmedQueueRole>(seat);
}

}  // namespace rookery::sim
