// Nodes that are on disk and not in memory: what waits for them, what does not, and that the order
// of a session survives it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/service/world.h"

namespace rookery::service {
namespace {

using model::ErrorCode;
using testing::ElementsAre;

// The disk takes so long that whoever waits for it is seen to wait.
constexpr int64_t kDiskUs = 100'000;

class LoadingTest : public testing::Test {
 protected:
  // /cold/0 to /cold/9 on the disk of a server that was started again, with nothing in memory.
  LoadingTest() {
    world_.Settle(1);
    auto session = world_.Open(1);
    world_.Do(session, Create("/cold"));
    for (int i = 0; i < 10; ++i) world_.Do(session, Create("/cold/" + std::to_string(i), "old"));
    world_.core.RunFor(15'000'000);  // a flush by its time
    world_.Crash(1);
    world_.Restart(1);
    world_.Settle(1);
    a_ = world_.Open(1);
    b_ = world_.Open(1);
    before_ = world_[1].service().GetStatistics();
    world_.core.background_delay_us = kDiskUs;
  }
  uint64_t ApplyMisses() {
    return world_[1].service().GetStatistics().apply_misses - before_.apply_misses;
  }
  uint64_t ReadMisses() {
    return world_[1].service().GetStatistics().read_misses - before_.read_misses;
  }

  World world_{1};
  World::Session a_, b_;
  Statistics before_;
};

TEST_F(LoadingTest, AWriteWaitsForItsNodeAndOthersReadOn) {
  world_.Do(b_, Get("/zookeeper"));  // in memory from now on
  const uint64_t write = a_.Write(Set("/cold/1", "new"));
  world_.core.RunFor(kDiskUs / 2);
  EXPECT_FALSE(a_.Answered(write));
  const uint64_t read = b_.Read(Get("/zookeeper"));
  world_.core.RunFor(1'000);
  EXPECT_TRUE(b_.Answered(read));
  EXPECT_FALSE(a_.Answered(write));
  ASSERT_TRUE(world_.Run([&] { return a_.Answered(write); }));
  EXPECT_EQ(a_.Reply(write).error, ErrorCode::kOk);
  EXPECT_EQ(ApplyMisses(), 1u);
}

// Together they take as long as two looks at the disk at most, not one for each.
TEST_F(LoadingTest, EntriesBehindOneThatWaitsAreLoadedWithIt) {
  const int64_t begun_us = world_.core.NowUs();
  std::vector<uint64_t> writes;
  for (int i = 0; i < 8; ++i) {
    writes.push_back(a_.Write(Set("/cold/" + std::to_string(i), "new")));
    world_.core.RunFor(5'000);  // each an entry of its own
  }
  ASSERT_TRUE(world_.Run([&] { return a_.Answered(writes.back()); }));
  EXPECT_LT(world_.core.NowUs() - begun_us, 2 * kDiskUs);
  for (const uint64_t write : writes) EXPECT_EQ(a_.Reply(write).error, ErrorCode::kOk);
}

TEST_F(LoadingTest, AReadInItsTurnIsAnsweredBeforeTheNextWriteIsApplied) {
  world_.Do(a_, Create("/warm"));
  const uint64_t first = a_.Write(Set("/warm", "1"));
  const uint64_t read = a_.Read(Get("/cold/2"));
  const uint64_t second = a_.Write(Set("/warm", "2"));  // this one waits for no disk
  const uint64_t third = a_.Write(Set("/cold/2", "newer"));
  ASSERT_TRUE(world_.Run([&] { return a_.Answered(third); }));
  EXPECT_EQ(ReadMisses(), 1u);
  EXPECT_EQ(std::get<model::DataReply>(a_.Reply(read).body).data, "old");
  EXPECT_EQ(a_.Reply(read).zxid, a_.Reply(first).zxid) << "it was not in the turn of its write";
  EXPECT_EQ(a_.Reply(second).zxid, a_.Reply(first).zxid + 1);
  EXPECT_THAT(a_.client->history, ElementsAre("session", "reply 1 Ok", "reply 2 Ok", "reply 3 Ok",
                                              "reply 4 Ok", "reply 5 Ok"));
}

// Its node is looked for while its write is on the way to the log and back; a read that missed in
// its turn would make everybody's next write wait.
TEST_F(LoadingTest, AReadBehindAWriteBringsItsNodeInMeanwhile) {
  world_.ensemble.latency_us = 2 * kDiskUs;  // of agreement
  const uint64_t write = a_.Write(Create("/first"));
  const uint64_t data = a_.Read(Get("/cold/3"));
  const uint64_t missing = a_.Read(Get("/cold/no"));
  const uint64_t children = a_.Read(model::GetChildrenRequest{"/cold"});
  ASSERT_TRUE(world_.Run([&] { return a_.Answered(children); }));
  EXPECT_EQ(a_.Reply(write).error, ErrorCode::kOk);
  EXPECT_EQ(a_.Reply(data).error, ErrorCode::kOk);
  EXPECT_EQ(a_.Reply(missing).error, ErrorCode::kNoNode);
  EXPECT_EQ(std::get<model::ChildrenReply>(a_.Reply(children).body).children.size(), 10u);
  EXPECT_EQ(ReadMisses(), 0u);
}

// Who writes faster than the disk takes it waits for the disk; nothing is lost or refused.
TEST(OverloadTest, WritesWaitWhileFlushesAreBehind) {
  World world(1, {}, {.flush_bytes = 2'000, .unflushed_bytes_max = 6'000});
  world.Settle(1);
  auto session = world.Open(1);
  world.Do(session, Create("/a"));
  world.core.background_delay_us = kDiskUs;
  std::vector<uint64_t> writes;
  for (int i = 0; i < 50; ++i) {
    writes.push_back(session.Write(Create("/a/" + std::to_string(i), std::string(1'000, 'x'))));
    world.core.RunFor(1'000);
  }
  EXPECT_TRUE(session.Answered(writes.front()));
  EXPECT_FALSE(session.Answered(writes.back())) << "nobody was held back";
  ASSERT_TRUE(world.Run([&] { return session.Answered(writes.back()); }));
  for (const uint64_t write : writes) EXPECT_EQ(session.Reply(write).error, ErrorCode::kOk);
}

}  // namespace
}  // namespace rookery::service
