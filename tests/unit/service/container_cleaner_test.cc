// The end of empty containers: when the leader looks, how fast it deletes, and what clients see.
#include "coordinator/service/container_cleaner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/machine/machine_fixture.h"
#include "tests/unit/service/world.h"

namespace rookery::service {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kSecondUs = 1'000'000;

model::CreateRequest Container(std::string path) {
  return {.path = std::move(path),
          .acl = *model::OpenAcl(),
          .flags = model::kContainer,
          .container = true};
}

class ContainerCleanerTest : public testing::Test {
 protected:
  ContainerCleanerTest() { machine_.Begin(); }

  void MakeEmptied(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string path = absl::StrCat("/c", 1000 + i);
      machine_.Apply(Container(path));
      machine_.Apply(machine::Create(path + "/a"));
      machine_.Apply(machine::Delete(path + "/a"));
    }
  }

  machine::MachineFixture machine_;
};

TEST_F(ContainerCleanerTest, LooksOnceAnInterval) {
  ContainerCleaner cleaner({.check_interval_us = 10 * kSecondUs}, &*machine_);
  MakeEmptied(1);
  cleaner.Begin(5 * kSecondUs);
  EXPECT_THAT(cleaner.Tick(15 * kSecondUs - 1, 0).containers, IsEmpty());
  EXPECT_THAT(cleaner.Tick(15 * kSecondUs, 0).containers, SizeIs(1));
  // It was not deleted: the next look finds it again.
  EXPECT_THAT(cleaner.Tick(25 * kSecondUs - 1, 0).containers, IsEmpty());
  EXPECT_THAT(cleaner.Tick(25 * kSecondUs, 0).containers, SizeIs(1));
}

TEST_F(ContainerCleanerTest, DeletesNoFasterThanItMay) {
  // One a second, three between looks.
  ContainerCleaner cleaner({.check_interval_us = 3 * kSecondUs, .per_minute_max = 60}, &*machine_);
  MakeEmptied(10);
  cleaner.Begin(0);
  size_t named = 0;
  for (int64_t us = 0; us <= 30 * kSecondUs; us += kSecondUs / 4) {
    wire::DeleteContainers gone = cleaner.Tick(us, 0);
    EXPECT_LE(gone.containers.size(), 1u);
    named += gone.containers.size();
    if (!gone.containers.empty()) machine_.Apply({.body = gone});
    EXPECT_LE(named, static_cast<size_t>(std::max<int64_t>(0, us / kSecondUs - 2)));
  }
  EXPECT_EQ(named, 10u);
  EXPECT_EQ(machine_->container_count(), 0u);
}

TEST_F(ContainerCleanerTest, NamesThoseThatWereNeverUsedIfItIsToldTo) {
  machine_.Apply(Container("/c"));
  const int64_t mtime_ms = machine_.store().Find("/c").node->mtime_ms;
  ContainerCleaner never({.check_interval_us = kSecondUs}, &*machine_);
  ContainerCleaner later({.check_interval_us = kSecondUs, .never_used_ms = 5000}, &*machine_);
  never.Begin(0);
  later.Begin(0);
  EXPECT_THAT(never.Tick(kSecondUs, mtime_ms + 1'000'000).containers, IsEmpty());
  EXPECT_THAT(later.Tick(kSecondUs, mtime_ms + 5000).containers, IsEmpty());
  EXPECT_THAT(later.Tick(2 * kSecondUs, mtime_ms + 5001).containers, SizeIs(1));
}

// Whole servers.
class ContainersOfAnEnsembleTest : public testing::Test {
 protected:
  ContainersOfAnEnsembleTest() { world_.Settle(1); }
  bool Exists(model::ServerId server, const char* path) {
    return world_[server].store().Find(path).presence == store::Presence::kPresent;
  }

  World world_{3, {.containers = {.check_interval_us = 10 * kSecondUs}}};
};

TEST_F(ContainersOfAnEnsembleTest, AreDeletedByTheLeaderOnEveryServerAndWatchersAreTold) {
  auto session = world_.Open(2, 40'000);
  world_.Do(session, model::WriteOperation(Container("/c")));
  world_.Do(session, model::WriteOperation(Create("/c/a")));
  world_.Do(session, model::ReadOperation(model::ExistsRequest{"/c", true}));
  world_.Do(session, model::ReadOperation(model::GetChildrenRequest{"/", true}));
  world_.core.RunFor(25 * kSecondUs);
  session.service->Touch(session.connection);
  EXPECT_TRUE(Exists(3, "/c"));
  world_.Do(session, model::WriteOperation(model::DeleteRequest{"/c/a"}));
  world_.core.RunFor(11 * kSecondUs);
  for (const model::ServerId server : {1, 2, 3}) EXPECT_FALSE(Exists(server, "/c"));
  EXPECT_THAT(session.client->history, Contains("event deleted /c"));
  EXPECT_THAT(session.client->history, Contains("event children /"));
  EXPECT_EQ(world_[1].machine().digest(), world_[3].machine().digest());
}

TEST_F(ContainersOfAnEnsembleTest, AreDeletedByTheNextLeaderToo) {
  auto session = world_.Open(2, 40'000);
  world_.Do(session, model::WriteOperation(Container("/c")));
  world_.Do(session, model::WriteOperation(Create("/c/a")));
  world_.Do(session, model::WriteOperation(model::DeleteRequest{"/c/a"}));
  world_.Settle(3);
  world_.core.RunFor(9 * kSecondUs);
  EXPECT_TRUE(Exists(3, "/c")) << "a new leader begins its interval anew";
  world_.core.RunFor(2 * kSecondUs);
  EXPECT_FALSE(Exists(1, "/c"));
}

}  // namespace
}  // namespace rookery::service
