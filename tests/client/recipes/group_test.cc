#include "coordinator/client/recipes/membership/group.h"

#include "tests/client/recipes/world.h"

namespace rookery::client::recipes {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class GroupTest : public RecipeTest {};

TEST_P(GroupTest, MembersComeAndGoWithTheirSessions) {
  auto first = Open(), second = Open(), watcher = Open();
  auto alpha = first->Make<Group>(Path());
  auto beta = second->Make<Group>(Path());
  auto group = watcher->Make<Group>(Path());
  EXPECT_THAT(*watcher->Await(group->Read()), IsEmpty());
  Heard<absl::StatusOr<Group::Members>> heard;
  watcher->WithClient([&](Client&) {
    group->Follow([&heard](const absl::StatusOr<Group::Members>& members) { heard(members); });
  });
  EXPECT_THAT(*heard.Next(), IsEmpty());
  ASSERT_TRUE(first->Await(alpha->Join("alpha", "10.0.0.1")).ok());
  Group::Members members;
  while (members.size() != 1) members = *heard.Next();
  EXPECT_THAT(members, ElementsAre(Pair("alpha", "10.0.0.1")));
  EXPECT_TRUE(absl::IsAlreadyExists(second->Await(beta->Join("alpha"))));
  EXPECT_TRUE(absl::IsFailedPrecondition(first->Await(alpha->Join("other"))));
  EXPECT_TRUE(absl::IsInvalidArgument(second->Await(beta->Join("a/b"))));
  ASSERT_TRUE(second->Await(beta->Join("beta", "10.0.0.2")).ok());
  while (members.size() != 2) members = *heard.Next();
  EXPECT_EQ(*first->Await(alpha->Read()), members);
  first->Close();
  while (members.size() != 1) members = *heard.Next();
  EXPECT_THAT(members, ElementsAre(Pair("beta", "10.0.0.2")));
  EXPECT_TRUE(second->Await(beta->Leave()).ok());
  while (!members.empty()) members = *heard.Next();
  watcher->Close();
  EXPECT_TRUE(absl::IsAborted(heard.Next().status()));
}

TEST_P(GroupTest, HasKazoosNamesIfWanted) {
  auto client = Open();
  GroupOptions options;
  options.style = NameStyle::kKazoo;
  auto party = client->Make<Group>(Path(), options);
  ASSERT_TRUE(client->Await(party->Join("gamma")).ok());
  const auto children = client->GetChildren(Path()).value.children;
  EXPECT_THAT(children, ElementsAre(::testing::MatchesRegex("[0-9a-f]{32}__party__")));
  EXPECT_THAT(*client->Await(party->Read()), ElementsAre(Pair(children[0], "gamma")));
}

INSTANTIATE_TEST_SUITE_P(Over, GroupTest, ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc),
                         ProtocolName);

}  // namespace
}  // namespace rookery::client::recipes
