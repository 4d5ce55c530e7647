#include "coordinator/client/recipes/barrier/barrier.h"

#include <future>

#include "coordinator/client/recipes/barrier/double_barrier.h"
#include "tests/client/recipes/world.h"

namespace rookery::client::recipes {
namespace {

class BarrierTest : public RecipeTest {};

TEST_P(BarrierTest, StandsUntilItIsRemoved) {
  auto client = Open(), other = Open();
  auto barrier = client->Make<Barrier>(Path());
  auto there = other->Make<Barrier>(Path());
  EXPECT_TRUE(other->Await(there->Wait(kWaitMs)).ok());
  EXPECT_TRUE(client->Await(barrier->Set()).ok());
  EXPECT_TRUE(client->Await(barrier->Set()).ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(other->Await(there->Wait(30))));
  auto waiting = std::async(std::launch::async, [&] { return other->Await(there->Wait(kWaitMs)); });
  EXPECT_TRUE(client->Await(barrier->Remove()).ok());
  EXPECT_TRUE(waiting.get().ok());
  EXPECT_TRUE(client->Await(barrier->Remove()).ok());
}

class DoubleBarrierTest : public RecipeTest {};

TEST_P(DoubleBarrierTest, AllEnterTogetherAndLeaveTogether) {
  constexpr size_t kMembers = 3;
  std::vector<std::unique_ptr<BlockingClient>> clients;
  std::vector<BlockingClient::Made<DoubleBarrier>> barriers;
  for (size_t i = 0; i < kMembers; ++i) {
    clients.push_back(Open());
    barriers.push_back(clients[i]->Make<DoubleBarrier>(Path(), kMembers));
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(clients[0]->Await(barriers[0]->Leave(kWaitMs))));
  // Twice: it can be used again.
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(absl::IsDeadlineExceeded(clients[0]->Await(barriers[0]->Enter(30))));
    std::vector<std::future<absl::Status>> entering;
    for (size_t i = 0; i < kMembers; ++i) {
      entering.push_back(std::async(
          std::launch::async, [&, i] { return clients[i]->Await(barriers[i]->Enter(kWaitMs)); }));
    }
    for (auto& one : entering) EXPECT_TRUE(one.get().ok());
    EXPECT_TRUE(absl::IsDeadlineExceeded(clients[1]->Await(barriers[1]->Leave(30))));
    std::vector<std::future<absl::Status>> leaving;
    for (size_t i = 0; i < kMembers; ++i) {
      leaving.push_back(std::async(
          std::launch::async, [&, i] { return clients[i]->Await(barriers[i]->Leave(kWaitMs)); }));
    }
    for (auto& one : leaving) EXPECT_TRUE(one.get().ok());
    EXPECT_TRUE(clients[0]->GetChildren(Path()).value.children.empty());
  }
}

TEST_P(DoubleBarrierTest, AMemberThatDiesHoldsUpNobody) {
  auto first = Open(), second = Open();
  auto mine = first->Make<DoubleBarrier>(Path(), 2);
  auto yours = second->Make<DoubleBarrier>(Path(), 2);
  auto entering =
      std::async(std::launch::async, [&] { return first->Await(mine->Enter(kWaitMs)); });
  EXPECT_TRUE(second->Await(yours->Enter(kWaitMs)).ok());
  EXPECT_TRUE(entering.get().ok());
  auto leaving = std::async(std::launch::async, [&] { return first->Await(mine->Leave(kWaitMs)); });
  second->Close();
  EXPECT_TRUE(leaving.get().ok());
}

TEST_P(DoubleBarrierTest, IsClosedAgainWhenAllThatWereInHaveDied) {
  auto next = Open();
  {
    auto first = Open(), second = Open();
    auto mine = first->Make<DoubleBarrier>(Path(), 2);
    auto yours = second->Make<DoubleBarrier>(Path(), 2);
    auto entering =
        std::async(std::launch::async, [&] { return first->Await(mine->Enter(kWaitMs)); });
    EXPECT_TRUE(second->Await(yours->Enter(kWaitMs)).ok());
    EXPECT_TRUE(entering.get().ok());
    first->Close();
    second->Close();
  }
  auto alone = next->Make<DoubleBarrier>(Path(), 2);
  EXPECT_TRUE(absl::IsDeadlineExceeded(next->Await(alone->Enter(300))));
  EXPECT_TRUE(next->GetChildren(Path()).value.children.empty());
}

TEST_P(DoubleBarrierTest, NobodyIsInBecauseItsSessionEnds) {
  auto client = Open(), other = Open();
  auto barrier = client->Make<DoubleBarrier>(Path(), 2);
  auto entering =
      std::async(std::launch::async, [&] { return client->Await(barrier->Enter(kWaitMs)); });
  while (other->GetChildren(Path()).value.children.empty()) {
  }
  client->Close();
  EXPECT_TRUE(absl::IsAborted(entering.get()));
}

INSTANTIATE_TEST_SUITE_P(Over, BarrierTest,
                         ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc), ProtocolName);
INSTANTIATE_TEST_SUITE_P(Over, DoubleBarrierTest,
                         ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc), ProtocolName);

}  // namespace
}  // namespace rookery::client::recipes
