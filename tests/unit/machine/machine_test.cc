// The machine as a whole: founding, zxids, replies, internal entries.
#include "coordinator/machine/machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

using model::ErrorCode;
using testing::ElementsAre;

model::Stat StatOf(const model::Reply& reply) {
  if (const auto* data = std::get_if<model::DataReply>(&reply.body)) return data->stat;
  return std::get<model::StatReply>(reply.body).stat;
}

TEST(MachineTest, FoundsTheNodesOfAFreshZooKeeper) {
  MachineFixture machine;
  EXPECT_EQ(machine->node_count(), 4u);
  EXPECT_EQ(machine->data_bytes(), 44u);
  EXPECT_EQ(machine->last_zxid(), 0);
  EXPECT_EQ(machine->applied_index(), 1u);
  EXPECT_EQ(machine->applied_term(), 1u);
  const model::Stat root = StatOf(machine.Read(model::GetDataRequest{"/"}));
  EXPECT_EQ(root.czxid, 0);
  EXPECT_EQ(root.cversion, -1);
  EXPECT_EQ(root.num_children, 1);
  EXPECT_EQ(StatOf(machine.Read(model::ExistsRequest{"/zookeeper"})).cversion, -2);
  EXPECT_EQ(StatOf(machine.Read(model::ExistsRequest{"/zookeeper/config"})).aversion, -1);
  const model::Reply children = machine.Read(model::GetChildrenRequest{"/zookeeper"});
  EXPECT_THAT(std::get<model::ChildrenReply>(children.body).children,
              ElementsAre("config", "quota"));
}

TEST(MachineTest, EveryWriteTakesOneZxidAlsoARefusedOne) {
  MachineFixture machine;
  machine.Begin();
  EXPECT_EQ(machine->last_zxid(), 0x100000000);
  EXPECT_EQ(machine.Apply(Create("/a")).reply.zxid, 0x100000001);
  const Outcome refused = machine.Apply(Create("/a"));
  EXPECT_EQ(refused.reply.error, ErrorCode::kNodeExists);
  EXPECT_EQ(refused.reply.zxid, 0x100000002);
  EXPECT_TRUE(refused.changes.empty());
  machine.StartLeader();
  EXPECT_EQ(machine->epoch(), 2u);
  EXPECT_EQ(machine.Apply(Delete("/a")).reply.zxid, 0x200000001);
  EXPECT_EQ(machine->last_zxid(), 0x200000001);
}

TEST(MachineTest, TellsWhatChangedInTheOrderOfTheParts) {
  MachineFixture machine;
  machine.Begin();
  const Outcome outcome = machine.Apply(
      model::MultiRequest{{Create("/a"), Create("/a/b"), SetData("/a", "x"), Delete("/a/b")}});
  std::vector<std::pair<model::Change::Kind, std::string>> changes;
  for (const model::Change& change : outcome.changes) {
    EXPECT_NE(change.acl, nullptr);
    changes.emplace_back(change.kind, change.path);
  }
  using Kind = model::Change::Kind;
  EXPECT_THAT(changes,
              ElementsAre(std::pair(Kind::kCreated, "/a"), std::pair(Kind::kCreated, "/a/b"),
                          std::pair(Kind::kDataChanged, "/a"), std::pair(Kind::kDeleted, "/a/b")));
}

TEST(MachineTest, FailedMultiLeavesNoTrace) {
  MachineFixture machine;
  machine.Begin();
  machine.Apply(Create("/s"));
  const uint64_t digest = machine->digest();
  // More parts than the overlay keeps without an index.
  model::MultiRequest multi;
  for (int i = 0; i < 20; ++i) {
    multi.parts.emplace_back(Create("/s/x", "", model::kPersistentSequential));
  }
  multi.parts.emplace_back(Delete("/missing"));
  const Outcome outcome = machine.Apply(multi);
  EXPECT_EQ(outcome.reply.error, ErrorCode::kOk);
  const auto& parts = std::get<model::MultiReply>(outcome.reply.body).parts;
  EXPECT_EQ(parts[19].error, ErrorCode::kOk);
  EXPECT_EQ(parts[20].error, ErrorCode::kNoNode);
  EXPECT_TRUE(outcome.changes.empty());
  EXPECT_EQ(machine->digest(), digest);
  const Outcome next = machine.Apply(Create("/s/x", "", model::kPersistentSequential));
  EXPECT_EQ(std::get<model::CreateReply>(next.reply.body).path, "/s/x0000000000");
}

TEST(MachineTest, TimeOfANodeIsTheEntrys) {
  MachineFixture machine;
  machine.Begin();
  wire::TicketRun run{.server = MachineFixture::kServer, .incarnation = 1, .first_ticket = 1};
  run.requests.push_back({.operation = Create("/a")});
  machine.Apply({.time_ms = 123'456, .body = wire::Batch{{run}}});
  run.first_ticket = 2;
  run.requests = {{.operation = SetData("/a", "x")}};
  machine.Apply({.time_ms = 123'999, .body = wire::Batch{{run}}});
  const model::Stat stat = StatOf(machine.Read(model::ExistsRequest{"/a"}));
  EXPECT_EQ(stat.ctime_ms, 123'456);
  EXPECT_EQ(stat.mtime_ms, 123'999);
}

TEST(MachineTest, PreloadsOnce) {
  MachineFixture machine;
  machine.Begin();
  machine.Apply(Create("/brokers", "mine"));
  const wire::LogEntry entry{.body = wire::Preload{{"/brokers", "/brokers/ids", "/admin"}}};
  const std::vector<Outcome> outcomes = machine.Apply(entry);
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kInternal);
  EXPECT_EQ(outcomes[0].changes.size(), 2u);
  EXPECT_TRUE(machine->preloaded());
  const auto data = std::get<model::DataReply>(machine.Read(model::GetDataRequest{"/admin"}).body);
  EXPECT_EQ(data.data, std::nullopt);
  EXPECT_EQ(data.stat.czxid, machine->last_zxid());
  machine.Apply(Delete("/admin"));
  EXPECT_TRUE(machine.Apply(entry).empty());
  EXPECT_EQ(machine.Read(model::ExistsRequest{"/admin"}).error, ErrorCode::kNoNode);
}

TEST(MachineTest, FollowsMembersAndConfiguration) {
  MachineFixture machine;
  machine.Begin();
  EXPECT_EQ(machine->configuration(), "founding");
  machine.Apply({.body = wire::SetMemberRow{"row"}});
  machine->BeginConfiguration(machine->applied_index() + 1, 1, "second", "why");
  EXPECT_TRUE(machine.Finish().empty());
  EXPECT_EQ(machine->configuration(), "second");
  EXPECT_EQ(machine->members(), "founders+row+second/why");
  EXPECT_EQ(machine->last_zxid(), 0x100000000);
}

TEST(MachineTest, AnswersReadsOfOddPathsAsMissingNodes) {
  MachineFixture machine;
  machine.Begin();
  for (const char* path : {"a", "//", "/a/", "/a//b", "/zookeeper/", "..", "/a/../b"}) {
    EXPECT_EQ(machine.Read(model::GetDataRequest{path}).error, ErrorCode::kNoNode) << path;
    EXPECT_EQ(machine.Read(model::ExistsRequest{path}).error, ErrorCode::kNoNode) << path;
    EXPECT_EQ(machine.Read(model::GetChildrenRequest{path}).error, ErrorCode::kNoNode) << path;
  }
  EXPECT_EQ(machine.Read(model::GetDataRequest{""}).error, ErrorCode::kOk);
  EXPECT_EQ(machine.Read(model::ExistsRequest{std::string("/\0", 2)}).error,
            ErrorCode::kBadArguments);
}

TEST(MachineTest, ReadsTakeNoZxidAndTellTheLastOne) {
  MachineFixture machine;
  machine.Begin();
  machine.Apply(Create("/a"));
  EXPECT_EQ(machine.Read(model::GetDataRequest{"/b"}).zxid, 0x100000001);
  EXPECT_EQ(machine.Apply(Create("/b")).reply.zxid, 0x100000002);
}

// Of a newer server, which may go on from here; nothing that follows may be applied without it.
TEST(MachineTest, AnEntryOfALaterLevelEndsTheProcessBeforeIt) {
  MachineFixture machine;
  machine.Begin();
  std::string entry = wire::EncodeLogEntry({.body = wire::Preload{{"/a"}}});
  entry[0] = 2;
  EXPECT_EXIT(machine->BeginEntry(machine->applied_index() + 1, 1, entry),
              testing::ExitedWithCode(70), "start a newer rookeryd");
}

}  // namespace
}  // namespace rookery::machine
