// A machine whose nodes are not in memory: it stops with nothing changed, and goes on after a load.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

using model::ErrorCode;
using testing::ElementsAre;

// All on disk, nothing in memory.
void Chill(MachineFixture& machine) {
  machine.Flush();
  machine.Restart();
  machine.misses = 0;
}

class LoadingTest : public testing::Test {
 protected:
  LoadingTest() {
    machine_.Begin();
    session_ = machine_.OpenSession();
    machine_.Apply(Create("/a", "x"));
    machine_.Apply(Create("/a/b", "x"));
    machine_.Apply(Create("/a/e", "x", model::kEphemeral), session_);
    machine_.Apply(Create("/f", "x", model::kEphemeral), session_);
    Chill(machine_);
  }
  MachineFixture machine_;
  model::SessionId session_ = 0;
};

TEST_F(LoadingTest, EveryOperationWorksOnAColdTree) {
  const std::vector<model::WriteOperation> operations = {
      Create("/a/c"),
      Create("/a/s", "", model::kPersistentSequential),
      SetData("/a/b", "y"),
      model::SetAclRequest{"/a/b", *model::ReadOnlyAcl()},
      Delete("/a/b"),
      model::MultiRequest{
          {model::CheckRequest{"/a", 0}, Create("/a/m"), SetData("/a/m", "z"), Delete("/a/c")}},
      model::CloseSessionRequest()};
  for (const model::WriteOperation& operation : operations) {
    Chill(machine_);
    const Outcome outcome = machine_.Apply(operation, session_);
    EXPECT_EQ(outcome.reply.error, ErrorCode::kOk);
    EXPECT_GT(machine_.misses, 0u);
  }
  EXPECT_EQ(machine_->session_count(), 0u);
  Chill(machine_);
  const model::Reply children = machine_.Read(model::GetChildrenRequest{"/a"});
  EXPECT_THAT(std::get<model::ChildrenReply>(children.body).children,
              ElementsAre("m", "s0000000003"));
}

TEST_F(LoadingTest, WhatWasTouchedIsNotMissed) {
  wire::TicketRun run{.server = MachineFixture::kServer,
                      .incarnation = 1,
                      .first_ticket = machine_.LastTicket() + 1};
  run.requests = {
      {.operation = Create("/a/c")},
      {.operation = SetData("/a/b", "y")},
      {.operation = model::SetAclRequest{"/a/b", *model::ReadOnlyAcl()}},
      {.operation = Delete("/a/missing")},
      {.operation = model::MultiRequest{{model::CheckRequest{"/a", 0}, Create("/x/y")}}},
      machine_.Request(model::CloseSessionRequest(), session_)};
  const wire::LogEntry entry{.body = wire::Batch{{run}}};
  auto pin = machine_.Load(machine_->Touches(wire::EncodeLogEntry(entry)));
  EXPECT_EQ(machine_.Apply(entry).size(), 6u);
  EXPECT_EQ(machine_.misses, 0u);
}

TEST_F(LoadingTest, ExpiryAndPreloadAreTouchedToo) {
  const wire::LogEntry expiry{.body = wire::ExpireSessions{{{session_, 0}}}};
  auto pin = machine_.Load(machine_->Touches(wire::EncodeLogEntry(expiry)));
  EXPECT_EQ(machine_.Apply(expiry).size(), 1u);
  const wire::LogEntry preload{.body = wire::Preload{{"/p", "/p/q", "/a"}}};
  auto second_pin = machine_.Load(machine_->Touches(wire::EncodeLogEntry(preload)));
  EXPECT_EQ(machine_.Apply(preload).size(), 1u);
  EXPECT_EQ(machine_.misses, 0u);
}

TEST_F(LoadingTest, TouchesNothingOfBytesThatAreNoEntry) {
  EXPECT_TRUE(machine_->Touches("nonsense").empty());
}

TEST_F(LoadingTest, TicketOfAWaitingRequestIsTakenOnce) {
  const uint64_t before = machine_.LastTicket();
  const std::vector<Outcome> outcomes =
      machine_.ApplyBatch({{.operation = SetData("/a", "1")}, {.operation = SetData("/a/b", "2")}});
  EXPECT_EQ(machine_.misses, 3u);  // either node, and once the place of the quotas
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kRequest);
  EXPECT_EQ(outcomes[1].kind, Outcome::Kind::kRequest);
  EXPECT_EQ(machine_.LastTicket(), before + 2);
}

TEST_F(LoadingTest, AQuotaOverAColdTreeCountsAllOfIt) {
  machine_.Apply(Create("/zookeeper/quota/a"));
  machine_.Apply(Create("/zookeeper/quota/a/zookeeper_limits", "count=5,bytes=5"));
  Chill(machine_);
  machine_.Apply(Create("/zookeeper/quota/a/zookeeper_stats", "count=0,bytes=0"));
  Chill(machine_);
  EXPECT_EQ(machine_.Apply(SetData("/a/b", "yz")).reply.error, ErrorCode::kOk);
  Chill(machine_);
  machine_.Apply(model::CloseSessionRequest(), session_);
  const model::Reply usage =
      machine_.Read(model::GetDataRequest{"/zookeeper/quota/a/zookeeper_stats"});
  EXPECT_EQ(std::get<model::DataReply>(usage.body).data, "count=2,bytes=3");
  EXPECT_EQ(machine_.DigestOfNodes(), std::make_pair(machine_->digest(), machine_->node_count()));
}

TEST_F(LoadingTest, InvalidPathsDoNotLoadForEver) {
  for (const char* path : {"/nowhere/a", "/a/", "/a//b", "/a/../b", "/a/.", "//", "/"}) {
    EXPECT_NE(machine_.Apply(Create(path)).reply.error, ErrorCode::kOk) << path;
    EXPECT_NE(machine_.Apply(Delete(path)).reply.error, ErrorCode::kOk) << path;
    Chill(machine_);
  }
}

}  // namespace
}  // namespace rookery::machine
