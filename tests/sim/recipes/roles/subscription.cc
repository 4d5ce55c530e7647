// Follows a value, and changes it: also to something that is none, and to nothing.
#include "coordinator/client/recipes/configuration/subscription.h"

#include "absl/strings/match.h"
#include "tests/sim/recipes/roles/roles.h"
#include "tests/sim/recipes/roles/writer.h"

namespace rookery::sim {
namespace {

using Value = client::recipes::Subscription<std::string>;

constexpr int64_t kPaceUs = 1'500'000;

absl::StatusOr<std::string> Parse(const std::string& text) {
  if (absl::StartsWith(text, "bad")) return absl::InvalidArgumentError("expected a value");
  return text;
}

class SubscriptionRole final : public WritingRole {
 public:
  explicit SubscriptionRole(const Seat& seat)
      : WritingRole(seat, kPaceUs),
        follower_(scene()->NextNumber()),
        value_(client(), PathOf(Recipe::kSubscription), Parse,
               [this](const absl::StatusOr<Value::Told>& told) { OnTold(told); }) {}

  void NoteCopy() override {
    Copy copy{.recipe = Recipe::kSubscription, .party = seat().party, .settled = true};
    if (value_.current().has_value()) {
      copy.nodes[PathOf(Recipe::kSubscription)] = value_.current()->value;
    }
    facts().copies.push_back(std::move(copy));
  }

 private:
  Async<> Round() override {
    const uint64_t what = random().Below(10);
    if (what == 0) {
      co_await Remove(PathOf(Recipe::kSubscription));
    } else {
      co_await Write(PathOf(Recipe::kSubscription),
                     absl::StrCat(what == 1 ? "bad" : "v", scene()->NextNumber()));
    }
  }
  // The last one is a value.
  Async<> LastRound() override {
    co_await Write(PathOf(Recipe::kSubscription), absl::StrCat("v", scene()->NextNumber()));
  }

  void OnTold(const absl::StatusOr<Value::Told>& told) {
    if (absl::IsAborted(told.status())) return;
    Shown shown{.recipe = Recipe::kSubscription,
                .party = seat().party,
                .follower = follower_,
                .path = PathOf(Recipe::kSubscription)};
    if (told.ok()) {
      shown.kind = Shown::Kind::kChanged;
      shown.data = told->value;
      shown.mzxid = told->zxid;
    } else if (absl::IsNotFound(told.status())) {
      shown.kind = Shown::Kind::kMissing;
      Count(Rare::kValuesMissing);
    } else {
      shown.kind = Shown::Kind::kUnparsed;
    }
    Trace("is told ", told.ok() ? told->value : told.status().ToString());
    facts().shown.push_back(std::move(shown));
  }

  const uint64_t follower_;
  Value value_;
};

}  // namespace

std::unique_ptr<Role> MakeSubscription(const Seat& seat) {
  return std::make_unique<SubscriptionRole>(seat);
}

}  // namespace rookery::sim
