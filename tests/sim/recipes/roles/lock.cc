// Asks for a lock, uses what it protects, and releases it or lets the object go.
#include "coordinator/client/recipes/lock/lock.h"

#include <memory>

#include "coordinator/client/recipes/lock/shared_lock.h"
#include "tests/sim/recipes/roles/holder_role.h"
#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

using client::recipes::HoldEvent;
using client::recipes::SharedLockMode;

constexpr int64_t kPaceUs = 900'000;
constexpr int64_t kWaitLeastMs = 200;
constexpr int64_t kWaitMostMs = 6'000;

std::unique_ptr<client::recipes::Lock> Make(client::Client* client, std::string path, bool,
                                            client::recipes::Lock*) {
  return std::make_unique<client::recipes::Lock>(client, std::move(path));
}
std::unique_ptr<client::recipes::SharedLock> Make(client::Client* client, std::string path,
                                                  bool reads, client::recipes::SharedLock*) {
  return std::make_unique<client::recipes::SharedLock>(
      client, std::move(path), reads ? SharedLockMode::kRead : SharedLockMode::kWrite);
}

template <typename Kind>
class LockRole final : public HolderRole {
 public:
  LockRole(Recipe recipe, const Seat& seat) : HolderRole(recipe, seat, kPaceUs), recipe_(recipe) {}

 private:
  Async<> Round() override {
    const bool reads = recipe_ == Recipe::kSharedLock && random().Chance(0.6);
    SetReads(reads);
    lock_ = Make(client(), PathOf(recipe_), reads, static_cast<Kind*>(nullptr));
    lock_->Observe([this](HoldEvent event) { OnEvent(event, *lock_); });
    const int64_t wait_ms = random().Chance(0.6) ? -1 : random().Between(kWaitLeastMs, kWaitMostMs);
    const auto held = co_await lock_->Acquire(wait_ms);
    if (held.ok()) co_await Use(*lock_, random().Between(1, 4), 400'000);
    if (!random().Chance(0.2)) {
      const absl::Status released = co_await lock_->Release();
      Trace("releases ", NameOf(recipe_), ": ", released.ToString());
    }
    lock_.reset();
  }

  const Recipe recipe_;
  std::unique_ptr<Kind> lock_;
};

}  // namespace

std::unique_ptr<Role> MakeLock(const Seat& seat) {
  return std::make_unique<LockRole<client::recipes::Lock>>(Recipe::kLock, seat);
}
std::unique_ptr<Role> MakeSharedLock(const Seat& seat) {
  return std::make_unique<LockRole<client::recipes::SharedLock>>(Recipe::kSharedLock, seat);
}

}  // namespace rookery::sim
