// Sessions as clients see them: moving between servers, late writes, expiry.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/service/world.h"

namespace rookery::service {
namespace {

using model::ErrorCode;

class SessionTest : public testing::Test {
 protected:
  SessionTest() { world_.Settle(1); }

  // Pings like a client, four times in its timeout.
  bool Ping(World::Session& session, int64_t us) {
    const int64_t step_us = session.client->session.timeout_ms * 250;
    for (int64_t passed = 0; passed < us && !session.client->gone; passed += step_us) {
      session.Read(model::PingRequest());
      world_.core.RunFor(step_us);
    }
    return !session.client->gone;
  }
  bool Exists(model::SessionId id) { return world_[1].machine().FindSession(id) != nullptr; }

  World world_{3};
};

TEST_F(SessionTest, MovesToAnotherServerAndTheOldConnectionEnds) {
  auto old = world_.Open(2);
  ASSERT_EQ(world_.Do(old, Create("/e", "", model::kEphemeral)).error, ErrorCode::kOk);
  const model::Zxid zxid = world_[2].service().LastZxid();
  auto moved = world_.Attach(3, old);
  ASSERT_TRUE(world_.Run([&] { return moved.client->opened && old.client->gone; }));
  EXPECT_EQ(moved.client->session.session, old.client->session.session);
  EXPECT_EQ(old.client->history.back(), "farewell moved");
  EXPECT_EQ(world_[3].service().LastZxid(), zxid) << "an attach takes no zxid";
  EXPECT_EQ(world_.Do(moved, Set("/e", "y")).error, ErrorCode::kOk);
}

TEST_F(SessionTest, AWrongPasswordLeavesTheOldConnectionAlone) {
  auto old = world_.Open(2);
  auto thief = world_.Attach(3, old, 0, "0123456789abcdef");
  ASSERT_TRUE(world_.Run([&] { return !thief.client->history.empty(); }));
  EXPECT_EQ(thief.client->history.back(), "refused");
  EXPECT_EQ(world_.Do(old, Create("/mine")).error, ErrorCode::kOk);
}

// A password that came from the server's ordinary numbers could be computed by another client.
TEST(SessionPasswordTest, ComesFromTheSourceOfSecrets) {
  struct Source final : SecretSource {
    std::string Draw(size_t bytes) override { return std::string(bytes, ++last); }
    char last = 'a';
  } source;
  World world(1, {.secrets = &source});
  world.Settle(1);
  EXPECT_EQ(world.Open(1).client->session.password, "bbbbbbbbbbbbbbbb");
  EXPECT_EQ(world.Open(1).client->session.password, "cccccccccccccccc");
}

TEST_F(SessionTest, AWriteThatComesAfterTheMoveIsNotApplied) {
  auto old = world_.Open(2);
  // Server 2 does not hear of the move, and its writes reach the leader after it.
  world_[2].consensus().paused = true;
  auto moved = world_.Attach(3, old);
  ASSERT_TRUE(world_.Run([&] { return moved.client->opened; }));
  old.Write(Create("/late"));
  world_.core.RunFor(50'000);
  world_[2].consensus().paused = false;
  EXPECT_EQ(world_.Do(moved, Create("/other")).error, ErrorCode::kOk);
  ASSERT_TRUE(world_.Run([&] { return old.client->gone; }));
  EXPECT_EQ(old.client->history.back(), "farewell moved");
  EXPECT_EQ(world_.Do(moved, Get("/late")).error, ErrorCode::kNoNode);
}

TEST_F(SessionTest, AClientFromTheFutureIsSentAwayWithoutAnAnswer) {
  auto old = world_.Open(2);
  const model::Zxid zxid = world_.Do(old, Create("/a")).zxid;
  auto moved = world_.Attach(3, old, zxid + 1);
  ASSERT_TRUE(world_.Run([&] { return moved.client->gone; }));
  EXPECT_EQ(moved.client->history, std::vector<std::string>{"farewell not serving"});
}

TEST_F(SessionTest, ASilentSessionExpiresAfterItsTimeoutAndNotBefore) {
  auto silent = world_.Open(2, 4000);
  ASSERT_EQ(world_.Do(silent, Create("/e", "", model::kEphemeral)).error, ErrorCode::kOk);
  auto watcher = world_.Open(3, 40'000);
  ASSERT_EQ(world_.Do(watcher, model::ReadOperation(model::ExistsRequest{"/e", true})).error,
            ErrorCode::kOk);
  world_.core.RunFor(3'900'000);
  EXPECT_TRUE(Exists(silent.client->session.session));
  world_.core.RunFor(600'000);
  EXPECT_FALSE(Exists(silent.client->session.session));
  EXPECT_EQ(silent.client->history.back(), "farewell expired");
  EXPECT_EQ(watcher.client->history.back(), "event deleted /e");
}

// If it dies right after, nobody else could tell the leader of them.
TEST_F(SessionTest, AServerThatIsBackInContactTellsAtOnceWhomItHeard) {
  auto client = world_.Open(2, 4000);
  world_.core.RunFor(100'000);
  // What the engine says of a leader may come before the connection by which a report can leave.
  world_.ensemble.drops = [](auto...) { return true; };
  world_.core.RunFor(2'400'000);
  client.service->Touch(client.connection);
  world_.ensemble.drops = nullptr;
  world_[2].service().OnPeerConnected(1, true);
  world_.core.RunFor(5'000);
  world_.Crash(2);
  world_.core.RunFor(2'500'000);  // past what the leader knew before
  EXPECT_TRUE(Exists(client.client->session.session));
  world_.core.RunFor(2'000'000);
  EXPECT_FALSE(Exists(client.client->session.session));
}

TEST_F(SessionTest, APingedSessionLivesOnWhereverItIsConnected) {
  for (const model::ServerId server : {1, 2, 3}) {
    auto session = world_.Open(server, 4000);
    EXPECT_TRUE(Ping(session, 12'000'000))
        << "server " << server << ": " << session.client->history.back();
  }
}

TEST_F(SessionTest, ASessionWhoseConnectionBrokeExpiresCountedFromItsLastSign) {
  auto session = world_.Open(2, 4000);
  Ping(session, 2'000'000);
  session.Read(model::PingRequest());
  world_.core.RunFor(10'000);
  session.service->Disconnect(session.connection);
  world_.core.RunFor(3'900'000);
  EXPECT_TRUE(Exists(session.client->session.session));
  world_.core.RunFor(600'000);
  EXPECT_FALSE(Exists(session.client->session.session));
}

TEST_F(SessionTest, ALeaderChangeGivesNoSessionLessThanItsTimeout) {
  auto session = world_.Open(2, 4000);
  session.Read(model::PingRequest());
  world_.core.RunFor(1'500'000);
  world_.ensemble.Elect(3);
  world_.core.RunFor(2'400'000);
  EXPECT_TRUE(Exists(session.client->session.session)) << "3.9 s of 4 s have passed";
  world_.core.RunFor(800'000);
  EXPECT_FALSE(Exists(session.client->session.session)) << "the report told the age";
}

TEST_F(SessionTest, ASessionWhoseConnectionBrokeIsNoYoungerUnderEachNewLeader) {
  auto session = world_.Open(2, 4000);
  session.service->Disconnect(session.connection);
  for (const model::ServerId leader : {3, 1, 3}) {
    world_.core.RunFor(1'300'000);
    world_.ensemble.Elect(leader);
  }
  EXPECT_TRUE(Exists(session.client->session.session)) << "3.9 s of 4 s have passed";
  world_.core.RunFor(800'000);
  EXPECT_FALSE(Exists(session.client->session.session)) << "each leader was told the age";
}

// The server of an attach that the leader has applied, and it has not, tells the age of the
// connection before it.
TEST_F(SessionTest, AnOwnerThatHasNotAppliedAnAttachMakesTheSessionNoOlder) {
  for (const bool still_connected : {false, true}) {
    auto old = world_.Open(2, 4000);
    if (!still_connected) old.service->Disconnect(old.connection);
    world_.core.RunFor(3'700'000);
    const consensus::EngineId next = world_.ensemble.leader() == 1 ? 3 : 1;
    world_.ensemble.commits = false;
    auto back = world_.Attach(2, old);
    world_.core.RunFor(5'000);
    world_[2].consensus().paused = true;
    world_.ensemble.commits = true;
    world_.ensemble.Elect(next, FakeEnsemble::Uncommitted::kSurvives);
    world_.core.RunFor(100'000);
    if (still_connected) old.service->Disconnect(old.connection);
    world_.core.RunFor(900'000);
    world_[2].consensus().paused = false;
    world_.ensemble.Append(consensus::Item::Kind::kConfiguration, "");  // which hands it all up
    ASSERT_TRUE(world_.Run([&] { return !back.client->history.empty(); }));
    EXPECT_TRUE(back.client->opened) << back.client->history.back();
    back.service->Disconnect(back.connection);
    world_.core.RunFor(3'800'000);
    EXPECT_TRUE(Exists(back.client->session.session)) << "of 4 s since it came back";
    world_.core.RunFor(800'000);
    EXPECT_FALSE(Exists(back.client->session.session));
  }
}

TEST_F(SessionTest, ASessionOfAServerThatDiedHasTheFullTimeoutUnderANewLeader) {
  auto session = world_.Open(2, 4000);
  const model::SessionId id = session.client->session.session;
  world_.core.RunFor(2'000'000);
  world_.Crash(2);
  world_.ensemble.Elect(3);
  world_.core.RunFor(3'800'000);
  EXPECT_TRUE(Exists(id));
  world_.core.RunFor(1'000'000);
  EXPECT_FALSE(Exists(id));
}

TEST_F(SessionTest, TimeInWhichTheLeaderDidNotRunDoesNotCount) {
  auto session = world_.Open(2, 4000);
  world_.core.RunFor(500'000);
  world_.core.Freeze(20'000'000);
  session.Read(model::PingRequest());
  world_.core.RunFor(1'000'000);
  EXPECT_TRUE(Exists(session.client->session.session));
}

TEST_F(SessionTest, AnExpiryThatWasProposedBeforeAMoveDoesNothing) {
  auto session = world_.Open(2, 4000);
  const model::SessionId id = session.client->session.session;
  const uint64_t attach = world_[1].machine().FindSession(id)->attach_count;
  auto moved = world_.Attach(3, session);
  ASSERT_TRUE(world_.Run([&] { return moved.client->opened; }));
  world_.ensemble.Append(consensus::Item::Kind::kEntry,
                         wire::EncodeLogEntry({.body = wire::ExpireSessions{{{id, attach}}}}));
  world_.core.RunFor(100'000);
  EXPECT_TRUE(Exists(id));
  EXPECT_EQ(world_.Do(moved, Create("/alive")).error, ErrorCode::kOk);
}

TEST_F(SessionTest, NoSessionExpiresWhileTheLeaderHasNoMajority) {
  auto session = world_.Open(1, 4000);
  world_.ensemble.Cut(1, 2);
  world_.ensemble.Cut(1, 3);
  world_.core.RunFor(8'000'000);
  EXPECT_TRUE(Exists(session.client->session.session));
  world_.ensemble.Heal(1, 2);
  world_.core.RunFor(1'500'000);
  EXPECT_FALSE(Exists(session.client->session.session));
}

}  // namespace
}  // namespace rookery::service
