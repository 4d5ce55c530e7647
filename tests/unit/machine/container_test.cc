// Containers: which of them may go, and how they do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

using model::ErrorCode;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kAlways = std::numeric_limits<int64_t>::max();

model::CreateRequest Container(std::string path, int32_t flags = model::kContainer) {
  model::CreateRequest request = Create(std::move(path), std::nullopt, flags);
  request.container = true;
  return request;
}

class ContainerTest : public testing::Test {
 protected:
  ContainerTest() { machine_.Begin(); }

  std::vector<std::string> Emptied() {
    std::vector<std::string> paths;
    for (const EmptyContainer& one : machine_->EmptyContainers(kNeverMs, 1000)) {
      paths.push_back(one.path);
    }
    return paths;
  }
  std::vector<Outcome> DeleteAll(int64_t unused_before_ms = kNeverMs) {
    return machine_.Apply(Deletion(unused_before_ms));
  }
  wire::LogEntry Deletion(int64_t unused_before_ms = kNeverMs) {
    wire::DeleteContainers gone;
    for (const EmptyContainer& one : machine_->EmptyContainers(unused_before_ms, 1000)) {
      gone.containers.push_back({one.path, one.used, one.mtime_ms});
    }
    return {.body = gone};
  }
  bool Exists(const std::string& path) {
    return machine_.Read(model::ExistsRequest{path}).error == ErrorCode::kOk;
  }
  void UseAndEmpty(const std::string& path) {
    machine_.Apply(Create(path + "/child"));
    machine_.Apply(Delete(path + "/child"));
  }

  MachineFixture machine_;
};

TEST_F(ContainerTest, ShowsNoOwnerAndTakesChildren) {
  const Outcome outcome = machine_.Apply(Container("/c"));
  const auto& reply = std::get<model::CreateReply>(outcome.reply.body);
  EXPECT_TRUE(reply.with_stat);
  EXPECT_EQ(reply.stat.ephemeral_owner, 0);
  EXPECT_EQ(machine_.store().Find("/c").node->ephemeral_owner, store::kContainerOwner);
  EXPECT_EQ(machine_.Apply(Create("/c/a")).reply.error, ErrorCode::kOk);
  EXPECT_EQ(machine_->container_count(), 1u);
  EXPECT_EQ(machine_->ephemeral_count(), 0u);
}

TEST_F(ContainerTest, GoesOnlyOnceItHadAChildAndHasNone) {
  machine_.Apply(Container("/unused"));
  machine_.Apply(Container("/holding"));
  machine_.Apply(Create("/holding/a"));
  machine_.Apply(Container("/emptied"));
  UseAndEmpty("/emptied");
  machine_.Apply(Create("/plain"));
  UseAndEmpty("/plain");
  EXPECT_THAT(Emptied(), ElementsAre("/emptied"));

  const model::Zxid before = machine_->last_zxid();
  const std::vector<Outcome> outcomes = DeleteAll();
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kEmptied);
  EXPECT_EQ(outcomes[0].reply.zxid, before + 1);
  ASSERT_EQ(outcomes[0].changes.size(), 1u);
  EXPECT_EQ(outcomes[0].changes[0].kind, model::Change::Kind::kDeleted);
  EXPECT_EQ(outcomes[0].changes[0].path, "/emptied");
  EXPECT_FALSE(Exists("/emptied"));
  EXPECT_TRUE(Exists("/unused"));
  EXPECT_TRUE(Exists("/holding"));
  EXPECT_TRUE(Exists("/plain"));
  EXPECT_EQ(machine_->container_count(), 2u);
}

TEST_F(ContainerTest, IsKeptIfItIsNotWhatTheLeaderSaw) {
  for (const char* path : {"/child", "/gone", "/anew", "/plain"}) {
    machine_.Apply(Container(path));
    UseAndEmpty(path);
  }
  const wire::LogEntry deletion = Deletion();
  machine_.Apply(Create("/child/a"));
  machine_.Apply(Delete("/gone"));
  machine_.Apply(Delete("/anew"));
  machine_.Apply(Container("/anew"));
  machine_.Apply(Delete("/plain"));
  machine_.Apply(Create("/plain"));
  const model::Zxid before = machine_->last_zxid();
  EXPECT_THAT(machine_.Apply(deletion), IsEmpty());
  EXPECT_EQ(machine_->last_zxid(), before);
  EXPECT_TRUE(Exists("/child"));
  EXPECT_TRUE(Exists("/anew"));
  EXPECT_TRUE(Exists("/plain"));
}

TEST_F(ContainerTest, OneThatNeverHadAChildGoesByTheTimeOfItsLastWrite) {
  machine_.Apply(Container("/old"));
  machine_.Apply(Container("/written"));
  const int64_t mtime_ms = machine_.store().Find("/written").node->mtime_ms;
  EXPECT_THAT(machine_->EmptyContainers(mtime_ms, 10),
              ElementsAre(EmptyContainer{"/old", false, mtime_ms - 1}));
  const wire::LogEntry deletion = Deletion(kAlways);
  machine_.Apply(SetData("/written", "x"));
  EXPECT_EQ(machine_.Apply(deletion).size(), 1u);
  EXPECT_FALSE(Exists("/old"));
  EXPECT_TRUE(Exists("/written"));
}

TEST_F(ContainerTest, AContainerOfContainersGoesAtALaterLook) {
  machine_.Apply(Container("/outer"));
  machine_.Apply(Container("/outer/inner"));
  UseAndEmpty("/outer/inner");
  EXPECT_THAT(Emptied(), ElementsAre("/outer/inner"));
  DeleteAll();
  EXPECT_THAT(Emptied(), ElementsAre("/outer"));
  DeleteAll();
  EXPECT_EQ(machine_->container_count(), 0u);
}

TEST_F(ContainerTest, FlagsSayTheNameAloneAndInAMultiTheKind) {
  EXPECT_EQ(std::get<model::CreateReply>(
                machine_.Apply(Container("/s-", model::kPersistentSequential)).reply.body)
                .path,
            "/s-0000000000");
  EXPECT_EQ(machine_->container_count(), 1u);
  // Op create takes the flag for a plain node, unless it stands in a multi.
  machine_.Apply(Create("/plain", "", model::kContainer));
  EXPECT_EQ(machine_->container_count(), 1u);
  machine_.Apply(model::MultiRequest{
      {Create("/by-flag", "", model::kContainer), Container("/by-name", model::kPersistent)}});
  EXPECT_EQ(machine_->container_count(), 2u);
  EXPECT_TRUE(machine_.store().Find("/by-flag").node->IsContainer());
  EXPECT_FALSE(machine_.store().Find("/by-name").node->IsContainer());
}

TEST_F(ContainerTest, ARestartFindsTheSameContainers) {
  for (const char* path : {"/emptied", "/holding", "/unused", "/gone"}) {
    machine_.Apply(Container(path));
  }
  UseAndEmpty("/emptied");
  machine_.Apply(Create("/holding/a"));
  machine_.Apply(Delete("/gone"));
  machine_.Flush();
  const uint64_t digest = machine_->digest();
  const auto empty = machine_->EmptyContainers(kAlways, 10);
  EXPECT_EQ(empty.size(), 2u);
  machine_.Restart();
  EXPECT_EQ(machine_->container_count(), 3u);
  EXPECT_EQ(machine_->EmptyContainers(kAlways, 10), empty);
  EXPECT_EQ(machine_->digest(), digest);
  EXPECT_EQ(machine_.DigestOfNodes().first, machine_->digest());
  // From what is on the disk, with what the entry touches loaded ahead.
  const wire::LogEntry deletion = Deletion();
  auto pin = machine_.Load(machine_->Touches(wire::EncodeLogEntry(deletion)));
  machine_.misses = 0;
  EXPECT_EQ(machine_.Apply(deletion).size(), 1u);
  EXPECT_EQ(machine_.misses, 0u);
  EXPECT_FALSE(Exists("/emptied"));
}

TEST_F(ContainerTest, ADeletionWaitsForNodesThatAreNotInMemory) {
  machine_.Apply(Container("/c"));
  UseAndEmpty("/c");
  machine_.Flush();
  machine_.Restart();
  EXPECT_EQ(DeleteAll().size(), 1u);
  EXPECT_GT(machine_.misses, 0u);
  EXPECT_FALSE(Exists("/c"));
  EXPECT_EQ(machine_.DigestOfNodes().first, machine_->digest());
}

TEST_F(ContainerTest, AnEndingSessionEmptiesIt) {
  const model::SessionId session = machine_.OpenSession();
  machine_.Apply(Container("/c"));
  machine_.Apply(Create("/c/e", "", model::kEphemeral), session);
  EXPECT_THAT(Emptied(), IsEmpty());
  machine_.Apply(model::CloseSessionRequest(), session);
  EXPECT_THAT(Emptied(), ElementsAre("/c"));
}

}  // namespace
}  // namespace rookery::machine
