// Clients whose side ended the connection, in a whole ensemble (session.disconnectGraceMs).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/service/world.h"

namespace rookery::service {
namespace {

constexpr int64_t kGraceUs = 2'500'000;

class DisconnectGraceTest : public testing::Test {
 protected:
  DisconnectGraceTest() { world_.Settle(1); }

  // A session whose client has used the connection.
  World::Session Open(model::ServerId server, int32_t timeout_ms) {
    auto session = world_.Open(server, timeout_ms);
    Pass(1);
    world_.Do(session, model::ExistsRequest{"/"});
    return session;
  }
  static void End(World::Session& session) { session.service->ClientEnded(session.connection); }
  bool Exists(const World::Session& session) {
    return world_[1].machine().FindSession(session.client->session.session) != nullptr;
  }
  void Pass(int64_t ms) { world_.core.RunFor(ms * 1000); }

  World world_{3, {.disconnect_grace_us = kGraceUs}};
};

TEST_F(DisconnectGraceTest, ASessionExpiresAfterTheGraceWhereverItWasConnected) {
  for (const model::ServerId server : {1, 2, 3}) {
    auto session = Open(server, 18'000);
    End(session);
    Pass(2400);
    EXPECT_TRUE(Exists(session)) << "server " << server;
    Pass(500);
    EXPECT_FALSE(Exists(session)) << "server " << server;
  }
}

TEST_F(DisconnectGraceTest, ACloseOfOursDoesNotCount) {
  auto session = Open(2, 18'000);
  session.service->Disconnect(session.connection);
  Pass(17'000);
  EXPECT_TRUE(Exists(session));
}

TEST_F(DisconnectGraceTest, ASilentClientKeepsItsTimeout) {
  auto session = Open(2, 18'000);
  Pass(17'000);
  EXPECT_TRUE(Exists(session));
}

TEST_F(DisconnectGraceTest, AClientThatWasToldNothingForHalfItsTimeoutKeepsIt) {
  auto session = Open(2, 10'000);
  Pass(5100);
  End(session);
  Pass(4000);
  EXPECT_TRUE(Exists(session));
}

// It may have given up this connection while it was let in, and be connected to another server,
// whose attach came first.
TEST_F(DisconnectGraceTest, AClientThatNeverUsedTheConnectionKeepsItsTimeout) {
  auto session = world_.Open(2, 18'000);
  Pass(1);
  End(session);
  Pass(10'000);
  EXPECT_TRUE(Exists(session));
}

TEST_F(DisconnectGraceTest, AnAttemptWithAWrongPasswordCancelsIt) {
  auto session = Open(2, 18'000);
  End(session);
  Pass(2000);
  auto attempt = world_.Attach(3, session, 0, "0123456789abcdef");
  Pass(10'000);
  EXPECT_EQ(attempt.client->history.back(), "refused");
  EXPECT_TRUE(Exists(session));
  Pass(6500);
  EXPECT_FALSE(Exists(session)) << "nobody made it live longer than its timeout";
}

TEST_F(DisconnectGraceTest, AnAttemptAtAServerThatServesNobodyCancelsIt) {
  auto session = Open(2, 18'000);
  End(session);
  Pass(2000);
  world_[3].service().AttachRefused(session.client->session.session);
  Pass(10'000);
  EXPECT_TRUE(Exists(session));
}

TEST_F(DisconnectGraceTest, AnAttemptThatIsStillOnItsWayCancelsIt) {
  auto session = Open(2, 18'000);
  End(session);
  Pass(2000);
  bool lost = true;  // what server 3 forwards; its reports arrive
  world_.ensemble.drops = [&](auto from, auto, absl::string_view bytes) {
    const auto message = proposal::DecodePeerMessage(bytes);
    return lost && from == 3 && message.ok() && std::holds_alternative<proposal::Forward>(*message);
  };
  auto attempt = world_.Attach(3, session);
  Pass(2000);
  EXPECT_TRUE(Exists(session));
  lost = false;
  ASSERT_TRUE(world_.Run([&] { return attempt.client->opened; }));
  EXPECT_TRUE(Exists(session));
}

TEST_F(DisconnectGraceTest, TheClientOfAServerThatDiedKeepsItsTimeout) {
  auto session = Open(2, 18'000);
  End(session);
  Pass(2000);
  world_.Crash(2);
  Pass(10'000);
  EXPECT_TRUE(Exists(session));
}

TEST_F(DisconnectGraceTest, ANewLeaderLearnsOfTheEnd) {
  auto session = Open(2, 18'000);
  End(session);
  Pass(1000);
  world_.ensemble.Elect(3);
  Pass(1400);
  EXPECT_TRUE(Exists(session));
  Pass(700);
  EXPECT_FALSE(Exists(session));
}

TEST_F(DisconnectGraceTest, AClosedSessionIsNoEndedOne) {
  auto session = Open(2, 18'000);
  session.Write(model::CloseSessionRequest());
  End(session);
  ASSERT_TRUE(world_.Run([&] { return !Exists(session); }));
  EXPECT_EQ(world_[1].service().GetStatistics().expired_sessions, 0u);
}

TEST_F(DisconnectGraceTest, ClientsOfAProxyThatRestartsKeepTheirTimeouts) {
  std::vector<World::Session> sessions;
  sessions.reserve(12);
  for (int i = 0; i < 12; ++i) sessions.push_back(Open(2, 18'000));
  for (int i = 0; i < 7; ++i) End(sessions[i]);
  Pass(10'000);
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(Exists(sessions[i])) << i;
}

TEST(NoDisconnectGraceTest, WithoutTheKeyNothingChanges) {
  World world(3);
  world.Settle(1);
  bool signs = false;
  world.ensemble.drops = [&](auto, auto, absl::string_view bytes) {
    const auto message = proposal::DecodePeerMessage(bytes);
    const auto* report = message.ok() ? std::get_if<proposal::Report>(&*message) : nullptr;
    signs |= report != nullptr && !(report->ended.empty() && report->attempted.empty());
    return false;
  };
  auto session = world.Open(2, 18'000);
  session.service->ClientEnded(session.connection);
  world.core.RunFor(17'000'000);
  EXPECT_NE(world[1].machine().FindSession(session.client->session.session), nullptr);
  EXPECT_FALSE(signs) << "older servers do not know them";
}

}  // namespace
}  // namespace rookery::service
