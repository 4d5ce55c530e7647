// Stands for election all the time, publishes with its token while it leads, and resigns now and
// then. Somebody deletes the leader's node sometimes.
#include "coordinator/client/recipes/election/election.h"

#include <algorithm>

#include "tests/sim/recipes/roles/holder_role.h"
#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

using client::recipes::HoldEvent;

constexpr int64_t kPaceUs = 500'000;

class ElectionRole final : public HolderRole {
 public:
  explicit ElectionRole(const Seat& seat)
      : HolderRole(Recipe::kElection, seat, kPaceUs),
        election_(client(), PathOf(Recipe::kElection)) {
    election_.Observe([this](HoldEvent event) { OnEvent(event, election_); });
  }

 private:
  Async<> Round() override {
    if (!election_.stands()) election_.Campaign();
    if (UseOnce(election_) && random().Chance(0.06)) {
      const absl::Status resigned = co_await election_.Resign();
      Trace("resigns: ", resigned.ToString());
    } else if (random().Chance(0.02)) {
      co_await Depose();
    }
  }

  Async<> LastRound() override {
    const absl::Status resigned = co_await election_.Resign();
    Trace("resigns at last: ", resigned.ToString());
  }

  // As an administrator would.
  Async<> Depose() {
    client::recipes::Operations operations(client());
    const std::string path = PathOf(Recipe::kElection);
    auto stand = co_await operations.GetChildren(path);
    if (!stand.ok() || stand.value.children.empty()) co_return;
    const auto by_number = [](const std::string& a, const std::string& b) {
      return a.substr(a.rfind('-')) < b.substr(b.rfind('-'));
    };
    const auto& first =
        *std::min_element(stand.value.children.begin(), stand.value.children.end(), by_number);
    Trace("deposes ", first);
    model::DeleteRequest request;
    request.path = client::recipes::Join(path, first);
    const auto deleted = co_await operations.DeleteOnce(std::move(request));
    (void)deleted;
  }

  client::recipes::Election election_;
};

}  // namespace

std::unique_ptr<Role> MakeElection(const Seat& seat) {
  return std::make_unique<ElectionRole>(seat);
}

}  // namespace rookery::sim
