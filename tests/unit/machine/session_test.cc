// Sessions as the machine applies them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

using model::ErrorCode;
using testing::ElementsAre;
using testing::IsEmpty;
using Event = Outcome::SessionEvent;

std::vector<std::string> Paths(const std::vector<model::Change>& changes) {
  std::vector<std::string> paths;
  for (const model::Change& change : changes) paths.push_back(change.path);
  return paths;
}

TEST(SessionTest, IdsAreNeverZeroNorUsedAgain) {
  MachineFixture machine;
  machine.Begin();
  const model::SessionId first = machine.OpenSession();
  EXPECT_GT(first, 0);
  machine.Apply(model::CloseSessionRequest(), first);
  const model::SessionId second = machine.OpenSession();
  EXPECT_GT(second, first);
  machine.Apply(model::CloseSessionRequest(), second);
  machine.Flush();
  machine.Restart();
  EXPECT_GT(machine.OpenSession(), second);
}

TEST(SessionTest, OpeningTakesAZxidAndAttachingNone) {
  MachineFixture machine;
  machine.Begin();
  const model::SessionId session = machine.OpenSession();
  EXPECT_EQ(machine->last_zxid(), 0x100000001);
  const model::Owner moved = {2, 1, 50};
  const Outcome outcome =
      machine.Apply({.session = session,
                     .owner = moved,
                     .operation = model::AttachSessionRequest{5'000, MachineFixture::kPassword}});
  EXPECT_EQ(outcome.reply.error, ErrorCode::kOk);
  EXPECT_EQ(outcome.reply.zxid, 0x100000001);
  EXPECT_EQ(outcome.session_event, Event::kAttached);
  EXPECT_EQ(outcome.previous_owner, machine.OwnerOf(MachineFixture::kConnection));
  EXPECT_EQ(machine->FindSession(session)->owner, moved);
  EXPECT_EQ(machine->FindSession(session)->timeout_ms, 5'000);
  EXPECT_EQ(machine->FindSession(session)->attach_count, 1u);
}

TEST(SessionTest, WrongPasswordMovesNothing) {
  MachineFixture machine;
  machine.Begin();
  const model::SessionId session = machine.OpenSession();
  const Outcome outcome =
      machine.Apply({.session = session,
                     .owner = {2, 1, 50},
                     .operation = model::AttachSessionRequest{5'000, "fedcba9876543210"}});
  EXPECT_EQ(outcome.reply.error, ErrorCode::kSessionExpired);
  EXPECT_EQ(outcome.session_event, Event::kNone);
  EXPECT_EQ(machine->FindSession(session)->owner, machine.OwnerOf(MachineFixture::kConnection));
  EXPECT_EQ(machine->FindSession(session)->attach_count, 0u);
}

TEST(SessionTest, LateWriteOfAFormerOwnerIsRefused) {
  MachineFixture machine;
  machine.Begin();
  const model::SessionId session = machine.OpenSession();
  const model::WriteRequest late = machine.Request(Create("/late"), session);
  machine.Apply({.session = session,
                 .owner = {2, 1, 50},
                 .operation = model::AttachSessionRequest{5'000, MachineFixture::kPassword}});
  EXPECT_EQ(machine.Apply(late).reply.error, ErrorCode::kSessionMoved);
  const Outcome close = machine.Apply(
      {.session = session, .owner = late.owner, .operation = model::CloseSessionRequest()});
  EXPECT_EQ(close.reply.error, ErrorCode::kSessionMoved);
  EXPECT_NE(machine->FindSession(session), nullptr);
  EXPECT_EQ(machine.Read(model::ExistsRequest{"/late"}).error, ErrorCode::kNoNode);
}

TEST(SessionTest, WriteOfAClosedSessionIsRefused) {
  MachineFixture machine;
  machine.Begin();
  const model::SessionId session = machine.OpenSession();
  const model::WriteRequest late = machine.Request(Create("/late", "", 1), session);
  machine.Apply(model::CloseSessionRequest(), session);
  EXPECT_EQ(machine.Apply(late).reply.error, ErrorCode::kSessionExpired);
  EXPECT_EQ(machine->ephemeral_count(), 0u);
}

TEST(SessionTest, CloseDeletesEphemeralsInOrderWithOneZxid) {
  MachineFixture machine;
  machine.Begin();
  const model::SessionId session = machine.OpenSession();
  machine.Apply(Create("/p"));
  for (const char* path : {"/p/b", "/z", "/p/a", "/p/gone"}) {
    machine.Apply(Create(path, "", model::kEphemeral), session);
  }
  machine.Apply(Delete("/p/gone"));
  EXPECT_EQ(machine->ephemeral_count(), 3u);
  EXPECT_THAT(machine->EphemeralsOf(session), ElementsAre("/p/a", "/p/b", "/z"));
  const Outcome outcome = machine.Apply(model::CloseSessionRequest(), session);
  EXPECT_EQ(outcome.session_event, Event::kClosed);
  EXPECT_THAT(Paths(outcome.changes), ElementsAre("/p/a", "/p/b", "/z"));
  EXPECT_EQ(outcome.reply.zxid, machine->last_zxid());
  const auto stat = std::get<model::StatReply>(machine.Read(model::ExistsRequest{"/p"}).body).stat;
  EXPECT_EQ(stat.pzxid, outcome.reply.zxid);
  EXPECT_EQ(stat.num_children, 0);
  EXPECT_EQ(stat.cversion, 6);
  EXPECT_EQ(machine->ephemeral_count(), 0u);
  EXPECT_EQ(machine->session_count(), 0u);
}

TEST(SessionTest, ExpiryIsANoOpIfTheSessionMovedOn) {
  MachineFixture machine;
  machine.Begin();
  const model::SessionId kept = machine.OpenSession();
  const model::SessionId lost = machine.OpenSession();
  machine.Apply(Create("/e", "", model::kEphemeral), lost);
  machine.Apply({.session = kept,
                 .owner = machine.OwnerOf(8),
                 .operation = model::AttachSessionRequest{5'000, MachineFixture::kPassword}});
  const std::vector<Outcome> outcomes = machine.Apply(
      {.body = wire::ExpireSessions{{{kept, 0}, {lost, 0}, {lost, 0}, {lost + 1, 0}}}});
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].kind, Outcome::Kind::kExpired);
  EXPECT_EQ(outcomes[0].session, lost);
  EXPECT_EQ(outcomes[0].session_event, Event::kClosed);
  EXPECT_THAT(Paths(outcomes[0].changes), ElementsAre("/e"));
  EXPECT_NE(machine->FindSession(kept), nullptr);
  EXPECT_EQ(machine->FindSession(lost), nullptr);
}

TEST(SessionTest, NobodyMayNotHoldEphemeralsNorCloseASession) {
  MachineFixture machine;
  machine.Begin();
  EXPECT_EQ(machine.Apply(Create("/p")).reply.error, ErrorCode::kOk);
  EXPECT_EQ(machine.Apply(Create("/e", "", model::kEphemeral)).reply.error,
            ErrorCode::kBadArguments);
  EXPECT_EQ(machine.Apply(model::CloseSessionRequest()).reply.error, ErrorCode::kBadArguments);
}

TEST(SessionTest, EphemeralMayChangeHandsWithinOneMulti) {
  MachineFixture machine;
  machine.Begin();
  const model::SessionId old_one = machine.OpenSession();
  const model::SessionId new_one = machine.OpenSession();
  machine.Apply(Create("/e", "", model::kEphemeral), old_one);
  machine.Apply(model::MultiRequest{{Delete("/e"), Create("/e", "", model::kEphemeral)}}, new_one);
  EXPECT_THAT(machine->EphemeralsOf(old_one), IsEmpty());
  EXPECT_THAT(machine->EphemeralsOf(new_one), ElementsAre("/e"));
  machine.Apply(model::CloseSessionRequest(), old_one);
  EXPECT_EQ(machine.Read(model::ExistsRequest{"/e"}).error, ErrorCode::kOk);
}

TEST(SessionTest, SessionsOutliveTheProcess) {
  MachineFixture machine;
  machine.Begin();
  const model::SessionId session = machine.OpenSession(12'345);
  const model::SessionId closed = machine.OpenSession();
  machine.Apply(Create("/e", "", model::kEphemeral), session);
  machine.Apply(Create("/f", "", model::kEphemeral), session);
  machine.Apply(Create("/g", "", model::kEphemeral), closed);
  machine.Apply(Delete("/f"));
  machine.Apply(model::CloseSessionRequest(), closed);
  machine.Flush();
  const uint64_t digest = machine->digest();
  machine.Restart();
  EXPECT_EQ(machine->digest(), digest);
  ASSERT_EQ(machine->Sessions().size(), 1u);
  EXPECT_EQ(machine->FindSession(session)->timeout_ms, 12'345);
  EXPECT_THAT(machine->EphemeralsOf(session), ElementsAre("/e"));
  EXPECT_EQ(machine->ephemeral_count(), 1u);
  EXPECT_THAT(Paths(machine.Apply(model::CloseSessionRequest(), session).changes),
              ElementsAre("/e"));
}

}  // namespace
}  // namespace rookery::machine
