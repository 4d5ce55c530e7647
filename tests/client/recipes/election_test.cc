#include "coordinator/client/recipes/election/election.h"

#include "tests/client/recipes/world.h"

namespace rookery::client::recipes {
namespace {

class ElectionTest : public RecipeTest {};

HolderOptions Named(std::string identifier) {
  HolderOptions options;
  options.identifier = std::move(identifier);
  return options;
}

TEST_P(ElectionTest, TheNextLeadsWhenTheLeaderResigns) {
  auto first = Open(), second = Open();
  auto alice = first->Make<Election>(Path(), Named("alice"));
  auto bob = second->Make<Election>(Path(), Named("bob"));
  Heard<HoldEvent> to_alice, to_bob;
  alice->Observe([&](HoldEvent event) { to_alice(event); });
  bob->Observe([&](HoldEvent event) { to_bob(event); });
  EXPECT_TRUE(absl::IsNotFound(first->Await(alice->Leader()).status()));
  first->WithClient([&](Client&) { alice->Campaign(); });
  EXPECT_EQ(to_alice.Next(), HoldEvent::kHeld);
  second->WithClient([&](Client&) {
    bob->Campaign();
    bob->Campaign();  // does nothing
  });
  EXPECT_EQ(*second->Await(bob->Leader()), "alice");
  while (first->Await(alice->Contenders())->size() < 2) {
  }
  EXPECT_TRUE(to_bob.empty());
  EXPECT_TRUE(first->Await(alice->Resign()).ok());
  EXPECT_EQ(to_bob.Next(), HoldEvent::kHeld);
  EXPECT_EQ(*second->Await(bob->Leader()), "bob");
  first->WithClient([&](Client&) { alice->Campaign(); });
  while (first->Await(alice->Contenders())->size() < 2) {
  }
  second->Close();
  EXPECT_EQ(to_bob.Next(), HoldEvent::kLost);
  EXPECT_EQ(to_alice.Next(), HoldEvent::kHeld);
}

TEST_P(ElectionTest, GoesWithTheObject) {
  auto first = Open(), second = Open();
  auto alice = first->Make<Election>(Path(), Named("alice"));
  auto bob = second->Make<Election>(Path(), Named("bob"));
  Heard<HoldEvent> to_bob;
  bob->Observe([&](HoldEvent event) { to_bob(event); });
  first->WithClient([&](Client&) { alice->Campaign(); });
  while (!second->Await(bob->Leader()).ok()) {
  }
  second->WithClient([&](Client&) { bob->Campaign(); });
  alice.reset();
  EXPECT_EQ(to_bob.Next(), HoldEvent::kHeld);
}

INSTANTIATE_TEST_SUITE_P(Over, ElectionTest,
                         ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc), ProtocolName);

}  // namespace
}  // namespace rookery::client::recipes
