// Registers an instance, under the same id in each session, says something new of it, withdraws it,
// and follows all instances.
#include "absl/strings/str_cat.h"
#include "coordinator/client/recipes/discovery/registration.h"
#include "coordinator/client/recipes/discovery/resolver.h"
#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

using client::recipes::Choice;
using client::recipes::Instance;

constexpr int64_t kPaceUs = 1'000'000;
constexpr char kService[] = "search";

class DiscoveryRole final : public Role {
 public:
  explicit DiscoveryRole(const Seat& seat)
      : Role(seat, kPaceUs),
        registration_(client(), PathOf(Recipe::kDiscovery)),
        resolver_(client(), PathOf(Recipe::kDiscovery), kService, Choice::kRoundRobin, seat.seed,
                  [this](const absl::StatusOr<std::vector<Instance>>& instances) {
                    if (!instances.ok()) return;
                    if (told_++ > 0 && instances->empty()) Count(Rare::kNobodyThere);
                  }) {}
  ~DiscoveryRole() override { NoteEnd(); }

  void NoteCopy() override {
    Copy copy{
        .recipe = Recipe::kDiscovery, .party = seat().party, .depth = 1, .settled = told_ > 0};
    for (const Instance& instance : resolver_.instances()) {
      copy.nodes[At(instance.id)] = *client::recipes::EncodeInstance(instance);
    }
    facts().copies.push_back(std::move(copy));
  }

 private:
  static std::string At(const std::string& id) {
    return absl::StrCat(PathOf(Recipe::kDiscovery), "/", kService, "/", id);
  }

  Async<> Round() override {
    if (listed_ != 0 && random().Chance(0.4)) {
      NoteEnd();
      const absl::Status withdrawn = co_await registration_.Withdraw();
      Trace("withdraws: ", withdrawn.ToString());
      co_return;
    }
    Instance mine;
    mine.name = kService;
    mine.id = absl::StrCat("party-", seat().party);
    mine.address = absl::StrCat("host-", scene()->NextNumber());
    mine.enabled = random().Chance(0.8);
    const absl::Status registered = co_await registration_.Register(mine);
    Trace("registers: ", registered.ToString());
    if (absl::IsAlreadyExists(registered)) Count(Rare::kNamesTaken);
    NoteEnd();
    if (!registered.ok()) co_return;
    facts().listed.push_back({.recipe = Recipe::kDiscovery,
                              .party = seat().party,
                              .session = client()->session(),
                              .path = At(mine.id),
                              .since = Now()});
    listed_ = facts().listed.size();
  }

  void NoteEnd() {
    if (listed_ != 0) facts().listed[listed_ - 1].until = Now();
    listed_ = 0;
  }

  uint64_t told_ = 0;
  size_t listed_ = 0;  // as in group.cc
  client::recipes::Registration registration_;
  client::recipes::Resolver resolver_;
};

}  // namespace

std::unique_ptr<Role> MakeDiscovery(const Seat& seat) {
  return std::make_unique<DiscoveryRole>(seat);
}

}  // namespace rookery::sim
