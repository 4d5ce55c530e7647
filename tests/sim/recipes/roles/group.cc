// Is a member most of the time, under the same name in each session, and follows the members.
#include "coordinator/client/recipes/membership/group.h"

#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

using client::recipes::Group;

constexpr int64_t kPaceUs = 900'000;

class GroupRole final : public Role {
 public:
  explicit GroupRole(const Seat& seat)
      : Role(seat, kPaceUs), group_(client(), PathOf(Recipe::kGroup)) {
    group_.Follow([this](const absl::StatusOr<Group::Members>& members) {
      if (!members.ok()) return;
      members_ = *members;
      ++told_;
    });
  }
  ~GroupRole() override { NoteEnd(); }

  void NoteCopy() override {
    Copy copy{.recipe = Recipe::kGroup, .party = seat().party, .depth = 1, .settled = told_ > 0};
    for (const auto& [name, about] : members_) {
      copy.nodes[absl::StrCat(PathOf(Recipe::kGroup), "/", name)] = about;
    }
    facts().copies.push_back(std::move(copy));
  }

 private:
  std::string Name() const { return absl::StrCat("party-", seat().party); }

  Async<> Round() override {
    if (listed_ == 0) {
      const absl::Status joined =
          co_await group_.Join(Name(), absl::StrCat("about-", scene()->NextNumber()));
      Trace("joins: ", joined.ToString());
      if (absl::IsAlreadyExists(joined)) Count(Rare::kNamesTaken);
      if (!joined.ok()) co_return;
      if (seat().session_number > 1) Count(Rare::kMembersBack);
      facts().listed.push_back({.recipe = Recipe::kGroup,
                                .party = seat().party,
                                .session = client()->session(),
                                .path = absl::StrCat(PathOf(Recipe::kGroup), "/", Name()),
                                .since = Now()});
      listed_ = facts().listed.size();
    } else if (random().Chance(0.2)) {
      NoteEnd();
      const absl::Status left = co_await group_.Leave();
      Trace("leaves the group: ", left.ToString());
    }
  }

  // From now on it may be listed or not.
  void NoteEnd() {
    if (listed_ != 0) facts().listed[listed_ - 1].until = Now();
    listed_ = 0;
  }

  Group::Members members_;
  uint64_t told_ = 0;
  size_t listed_ = 0;  // place of what it noted when it joined, from 1; 0: it is no member
  Group group_;
};

}  // namespace

std::unique_ptr<Role> MakeGroup(const Seat& seat) { return std::make_unique<GroupRole>(seat); }

}  // namespace rookery::sim
