#include "coordinator/client/recipes/queue/queue.h"

#include <future>

#include "coordinator/client/recipes/queue/confirmed_queue.h"
#include "tests/client/recipes/world.h"

namespace rookery::client::recipes {
namespace {

class QueueTest : public RecipeTest {};

TEST_P(QueueTest, GivesItemsInOrderOfPriorityAndComing) {
  auto client = Open();
  auto queue = client->Make<Queue>(Path());
  EXPECT_TRUE(absl::IsDeadlineExceeded(client->Await(queue->Take(30)).status()));
  for (const auto& [item, priority] :
       std::map<std::string, int>{{"a", 100}, {"b", 100}, {"urgent", 3}, {"whenever", 999}}) {
    ASSERT_TRUE(client->Await(queue->Put(item, priority)).ok());
  }
  EXPECT_TRUE(absl::IsInvalidArgument(client->Await(queue->Put("x", 1000))));
  for (const char* const expected : {"urgent", "a", "b", "whenever"}) {
    EXPECT_EQ(*client->Await(queue->Take(kWaitMs)), expected);
  }
}

TEST_P(QueueTest, WakesWhoWaits) {
  auto client = Open(), other = Open();
  QueueOptions options;
  options.style = NameStyle::kCurator;
  auto queue = client->Make<Queue>(Path(), options);
  auto end = other->Make<Queue>(Path(), options);
  auto waiting = std::async(std::launch::async, [&] { return other->Await(end->Take(kWaitMs)); });
  ASSERT_TRUE(client->Await(queue->Put("item")).ok());
  EXPECT_EQ(*waiting.get(), "item");
  EXPECT_TRUE(absl::IsInvalidArgument(client->Await(queue->Put("x", 5))));
}

class ConfirmedQueueTest : public RecipeTest {};

TEST_P(ConfirmedQueueTest, AnItemComesBackWithItsConsumersSession) {
  auto first = Open(), second = Open();
  auto mine = first->Make<ConfirmedQueue>(Path());
  auto yours = second->Make<ConfirmedQueue>(Path());
  ASSERT_TRUE(first->Await(mine->Put("one")).ok());
  ASSERT_TRUE(first->Await(mine->Put("two")).ok());
  EXPECT_EQ(*first->Await(mine->Take(kWaitMs)), "one");
  EXPECT_EQ(*first->Await(mine->Take(kWaitMs)), "one");  // until it is confirmed
  EXPECT_EQ(*second->Await(yours->Take(kWaitMs)), "two");
  EXPECT_TRUE(second->Await(yours->Confirm()).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(second->Await(yours->Confirm())));
  EXPECT_TRUE(absl::IsDeadlineExceeded(second->Await(yours->Take(30)).status()));
  auto waiting =
      std::async(std::launch::async, [&] { return second->Await(yours->Take(kWaitMs)); });
  first->Close();
  EXPECT_EQ(*waiting.get(), "one");
  EXPECT_TRUE(second->Await(yours->GiveBack()).ok());
  EXPECT_EQ(*second->Await(yours->Take(kWaitMs)), "one");
  EXPECT_TRUE(second->Await(yours->Confirm()).ok());
  EXPECT_TRUE(second->GetChildren(absl::StrCat(Path(), "/entries")).value.children.empty());
  EXPECT_TRUE(second->GetChildren(absl::StrCat(Path(), "/taken")).value.children.empty());
}

TEST_P(ConfirmedQueueTest, AnItemThatIsNoLongerOursCannotBeConfirmed) {
  auto client = Open();
  auto queue = client->Make<ConfirmedQueue>(Path());
  ASSERT_TRUE(client->Await(queue->Put("one")).ok());
  ASSERT_TRUE(client->Await(queue->Take(kWaitMs)).ok());
  const auto taken = client->GetChildren(absl::StrCat(Path(), "/taken")).value.children;
  ASSERT_EQ(taken.size(), 1u);
  ASSERT_TRUE(client->Delete({absl::StrCat(Path(), "/taken/", taken[0])}).ok());
  EXPECT_TRUE(absl::IsAborted(client->Await(queue->Confirm())));
  EXPECT_EQ(*client->Await(queue->Take(kWaitMs)), "one");
}

INSTANTIATE_TEST_SUITE_P(Over, QueueTest, ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc),
                         ProtocolName);
INSTANTIATE_TEST_SUITE_P(Over, ConfirmedQueueTest,
                         ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc), ProtocolName);

}  // namespace
}  // namespace rookery::client::recipes
