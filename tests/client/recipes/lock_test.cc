#include "coordinator/client/recipes/lock/lock.h"

#include <future>

#include "coordinator/client/recipes/lock/shared_lock.h"
#include "tests/client/recipes/world.h"

namespace rookery::client::recipes {
namespace {

using ::testing::ElementsAre;

class LockTest : public RecipeTest {};

HolderOptions Named(std::string identifier, NameStyle style = NameStyle::kCurator) {
  HolderOptions options;
  options.identifier = std::move(identifier);
  options.style = style;
  return options;
}

TEST_P(LockTest, IsHeldByOneAndGoesToTheNext) {
  auto first = Open(), second = Open();
  auto mine = first->Make<Lock>(Path(), Named("first"));
  auto yours = second->Make<Lock>(Path(), Named("second"));
  const auto held = first->Await(mine->Acquire(kWaitMs));
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(second->Await(yours->Acquire(50)).status()));
  // Whoever gave up leaves the line.
  while (first->Await(mine->Contenders())->size() > 1) {
  }
  EXPECT_THAT(*first->Await(mine->Contenders()), ElementsAre("first"));

  auto next =
      std::async(std::launch::async, [&] { return second->Await(yours->Acquire(kWaitMs)); });
  while (first->Await(mine->Contenders())->size() < 2) {
  }
  EXPECT_THAT(*first->Await(mine->Contenders()), ElementsAre("first", "second"));
  EXPECT_TRUE(first->Await(mine->Release()).ok());
  const auto then = next.get();
  ASSERT_TRUE(then.ok()) << then.status();
  EXPECT_GT(then->token, held->token);
  EXPECT_TRUE(second->Await(yours->Release()).ok());
  EXPECT_TRUE(first->GetChildren(Path()).value.children.empty());
}

TEST_P(LockTest, MayBeAskedForOnceByEachObject) {
  auto client = Open();
  auto lock = client->Make<Lock>(Path());
  ASSERT_TRUE(client->Await(lock->Acquire(kWaitMs)).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(client->Await(lock->Acquire(kWaitMs)).status()));
  EXPECT_TRUE(client->Await(lock->Release()).ok());
  EXPECT_TRUE(client->Await(lock->Release()).ok());
  EXPECT_TRUE(client->Await(lock->Acquire(kWaitMs)).ok());
}

TEST_P(LockTest, GoesWithTheObject) {
  auto first = Open(), second = Open();
  auto mine = first->Make<Lock>(Path());
  ASSERT_TRUE(first->Await(mine->Acquire(kWaitMs)).ok());
  mine.reset();
  auto yours = second->Make<Lock>(Path());
  EXPECT_TRUE(second->Await(yours->Acquire(kWaitMs)).ok());
}

TEST_P(LockTest, GoesWithTheSession) {
  auto first = Open(), second = Open();
  auto mine = first->Make<Lock>(Path());
  Heard<HoldEvent> heard;
  mine->Observe([&heard](HoldEvent event) { heard(event); });
  ASSERT_TRUE(first->Await(mine->Acquire(kWaitMs)).ok());
  EXPECT_EQ(heard.Next(), HoldEvent::kHeld);
  first->Close();
  EXPECT_EQ(heard.Next(), HoldEvent::kLost);
  EXPECT_TRUE(absl::IsAborted(first->Await(mine->Acquire(kWaitMs)).status()));
  auto yours = second->Make<Lock>(Path());
  EXPECT_TRUE(second->Await(yours->Acquire(kWaitMs)).ok());
}

TEST_P(LockTest, IsLostWhenSomebodyDeletesItsNode) {
  auto client = Open();
  auto lock = client->Make<Lock>(Path());
  Heard<HoldEvent> heard;
  lock->Observe([&heard](HoldEvent event) { heard(event); });
  const auto held = client->Await(lock->Acquire(kWaitMs));
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(heard.Next(), HoldEvent::kHeld);
  ASSERT_TRUE(client->Delete({held->node}).ok());
  EXPECT_EQ(heard.Next(), HoldEvent::kLost);
  EXPECT_TRUE(client->Await(lock->Acquire(kWaitMs)).ok());
}

TEST_P(LockTest, IsAskedBackByRevoke) {
  auto first = Open(), second = Open();
  auto mine = first->Make<Lock>(Path());
  auto yours = second->Make<Lock>(Path());
  Heard<HoldEvent> heard;
  mine->Observe([&heard](HoldEvent event) { heard(event); });
  ASSERT_TRUE(first->Await(mine->Acquire(kWaitMs)).ok());
  EXPECT_EQ(heard.Next(), HoldEvent::kHeld);
  ASSERT_TRUE(second->Await(yours->Revoke()).ok());
  EXPECT_EQ(heard.Next(), HoldEvent::kRevocationWanted);
  EXPECT_TRUE(mine->held());
}

TEST_P(LockTest, ReleaseEndsTheWaiting) {
  auto first = Open(), second = Open();
  auto mine = first->Make<Lock>(Path());
  auto yours = second->Make<Lock>(Path());
  ASSERT_TRUE(first->Await(mine->Acquire(kWaitMs)).ok());
  auto waiting = std::async(std::launch::async, [&] { return second->Await(yours->Acquire(-1)); });
  while (first->Await(mine->Contenders())->size() < 2) {
  }
  EXPECT_TRUE(second->Await(yours->Release()).ok());
  EXPECT_TRUE(absl::IsCancelled(waiting.get().status()));
  EXPECT_EQ(first->Await(mine->Contenders())->size(), 1u);
}

TEST_P(LockTest, AWaiterThatGoesLetsTheNextStandBehindTheHolder) {
  auto first = Open(), second = Open(), third = Open();
  auto one = first->Make<Lock>(Path());
  auto three = third->Make<Lock>(Path());
  ASSERT_TRUE(first->Await(one->Acquire(kWaitMs)).ok());
  std::future<absl::StatusOr<Holding>> last;
  {
    auto two = second->Make<Lock>(Path());
    auto middle = std::async(std::launch::async, [&] { return second->Await(two->Acquire(-1)); });
    while (first->Await(one->Contenders())->size() < 2) {
    }
    last = std::async(std::launch::async, [&] { return third->Await(three->Acquire(kWaitMs)); });
    while (first->Await(one->Contenders())->size() < 3) {
    }
    EXPECT_TRUE(second->Await(two->Release()).ok());
    EXPECT_TRUE(absl::IsCancelled(middle.get().status()));
  }
  EXPECT_FALSE(three->held());
  EXPECT_TRUE(first->Await(one->Release()).ok());
  EXPECT_TRUE(last.get().ok());
}

class SharedLockTest : public RecipeTest {};

TEST_P(SharedLockTest, ReadersHoldTogetherAndAWriterAlone) {
  for (const NameStyle style : {NameStyle::kCurator, NameStyle::kKazoo}) {
    const std::string path = Path(style == NameStyle::kKazoo ? "-kazoo" : "-curator");
    auto a = Open(), b = Open(), c = Open(), d = Open();
    auto read1 = a->Make<SharedLock>(path, SharedLockMode::kRead, Named("r1", style));
    auto read2 = b->Make<SharedLock>(path, SharedLockMode::kRead, Named("r2", style));
    auto write = c->Make<SharedLock>(path, SharedLockMode::kWrite, Named("w", style));
    auto read3 = d->Make<SharedLock>(path, SharedLockMode::kRead, Named("r3", style));
    ASSERT_TRUE(a->Await(read1->Acquire(kWaitMs)).ok());
    ASSERT_TRUE(b->Await(read2->Acquire(kWaitMs)).ok());
    EXPECT_TRUE(absl::IsDeadlineExceeded(c->Await(write->Acquire(50)).status()));

    while (a->Await(read1->Contenders())->size() > 2) {
    }
    auto writing =
        std::async(std::launch::async, [&] { return c->Await(write->Acquire(kWaitMs)); });
    while (a->Await(read1->Contenders())->size() < 3) {
    }
    // A reader behind a waiting writer waits as well.
    EXPECT_TRUE(absl::IsDeadlineExceeded(d->Await(read3->Acquire(50)).status()));
    EXPECT_TRUE(a->Await(read1->Release()).ok());
    EXPECT_FALSE(write->held());
    EXPECT_TRUE(b->Await(read2->Release()).ok());
    EXPECT_TRUE(writing.get().ok());
    EXPECT_TRUE(c->Await(write->Release()).ok());
    EXPECT_TRUE(d->Await(read3->Acquire(kWaitMs)).ok());
  }
}

INSTANTIATE_TEST_SUITE_P(Over, LockTest, ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc),
                         ProtocolName);
INSTANTIATE_TEST_SUITE_P(Over, SharedLockTest,
                         ::testing::Values(Protocol::kZooKeeper, Protocol::kGrpc), ProtocolName);

}  // namespace
}  // namespace rookery::client::recipes
