// When a server serves, and how it stops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/service/world.h"

namespace rookery::service {
namespace {

using model::ErrorCode;

Options ShortSyncLimit() {
  Options options;
  options.sync_limit_us = 2'000'000;
  return options;
}

TEST(ServingTest, NobodyServesWithoutALeader) {
  World world(3);
  world.core.RunFor(5'000'000);
  for (const model::ServerId server : {1, 2, 3}) {
    EXPECT_FALSE(world[server].service().Serving());
  }
}

TEST(ServingTest, AServerThatLostTheLeaderSendsItsClientsAwayAfterTheSyncLimit) {
  World world(3, ShortSyncLimit());
  world.Settle(1);
  auto session = world.Open(2, 40'000);
  const uint64_t before = world[1].machine().Incarnation(2);
  world.ensemble.Cut(1, 2);
  world.core.RunFor(1'400'000);
  EXPECT_TRUE(world[2].service().Serving());
  EXPECT_FALSE(session.client->gone);
  world.core.RunFor(1'200'000);
  EXPECT_FALSE(world[2].service().Serving());
  EXPECT_EQ(session.client->history.back(), "farewell not serving");
  world.ensemble.Heal(1, 2);
  ASSERT_TRUE(world.Run([&] { return world[2].service().Serving(); }));
  EXPECT_EQ(world[1].machine().Incarnation(2), before + 1);
  auto again = world.Attach(2, session);
  EXPECT_TRUE(world.Run([&] { return again.client->opened; }));
}

TEST(ServingTest, WritesOfClientsThatWereSentAwayAreNeverApplied) {
  World world(3, ShortSyncLimit());
  world.Settle(1);
  auto session = world.Open(2, 40'000);
  world.ensemble.Cut(1, 2);
  session.Write(Create("/unanswered"));
  ASSERT_TRUE(world.Run([&] { return session.client->gone; }));
  world.ensemble.Heal(1, 2);
  ASSERT_TRUE(world.Run([&] { return world[2].service().Serving(); }));
  auto other = world.Open(2);
  EXPECT_EQ(world.Do(other, Get("/unanswered")).error, ErrorCode::kNoNode);
}

TEST(ServingTest, AServerWhoseApplyIsFarBehindSendsItsClientsAway) {
  World world(3, ShortSyncLimit());
  world.Settle(1);
  auto session = world.Open(2, 40'000);
  auto writer = world.Open(1, 40'000);
  world[2].consensus().paused = true;
  ASSERT_EQ(world.Do(writer, Create("/a")).error, ErrorCode::kOk);
  world.core.RunFor(4'000'000);
  EXPECT_TRUE(session.client->gone);
  EXPECT_FALSE(world[2].service().Serving());
  world[2].consensus().paused = false;
  ASSERT_EQ(world.Do(writer, Create("/b")).error, ErrorCode::kOk);
  EXPECT_TRUE(world.Run([&] { return world[2].service().Serving(); }));
}

TEST(ServingTest, APingIsHeldWhileTheLeaderHasNotHeardOfTheSession) {
  World world(3);
  world.Settle(1);
  auto session = world.Open(2, 4000);
  world.ensemble.Cut(1, 2);
  world.core.RunFor(2'000'000);
  const uint64_t early = session.Read(model::PingRequest());
  EXPECT_TRUE(session.Answered(early));
  world.core.RunFor(1'500'000);
  const uint64_t late = session.Read(model::PingRequest());
  world.core.RunFor(100'000);
  EXPECT_FALSE(session.Answered(late)) << "the client was told that its session lives on";
  world.ensemble.Heal(1, 2);
  EXPECT_TRUE(world.Run([&] { return session.Answered(late); }));
}

TEST(ServingTest, ShutdownHandsOverAnswersWhatIsInFlightAndSaysFarewell) {
  World world(3);
  world.Settle(1);
  auto session = world.Open(1);
  for (int i = 0; i < 50; ++i) session.Write(Create(absl::StrCat("/n", i)));
  bool stopped = false;
  const int64_t began_us = world.core.NowUs();
  world[1].service().Shutdown([&] { stopped = true; });
  EXPECT_FALSE(world[1].service().Serving());
  ASSERT_TRUE(world.Run([&] { return stopped; }));
  EXPECT_LT(world.core.NowUs() - began_us, 1'000'000);
  EXPECT_NE(world.ensemble.leader(), 1u);
  EXPECT_TRUE(session.Answered(session.last_tag));
  EXPECT_EQ(session.client->history.back(), "farewell not serving");
}

TEST(ServingTest, ShutdownEndsInTimeWithoutALeader) {
  World world(3);
  world.Settle(1);
  auto session = world.Open(2);
  world.ensemble.LoseLeader();
  world.core.RunFor(1'000);
  session.Write(Create("/never"));
  bool stopped = false;
  world[2].service().Shutdown([&] { stopped = true; });
  world.core.RunFor(5'000'000);
  EXPECT_TRUE(stopped);
  EXPECT_TRUE(session.client->gone);
}

TEST(ServingTest, ThePreloadIsMadeOnce) {
  Options options;
  options.preload_paths = {"/brokers", "/brokers/ids"};
  World world(3, options);
  world.Settle(1);
  ASSERT_TRUE(world.Run([&] { return world[2].machine().preloaded(); }));
  auto session = world.Open(2);
  const model::Reply reply = world.Do(session, Get("/brokers/ids"));
  ASSERT_EQ(reply.error, ErrorCode::kOk);
  EXPECT_FALSE(std::get<model::DataReply>(reply.body).data.has_value()) << "null, not empty";
  ASSERT_EQ(world.Do(session, model::DeleteRequest{"/brokers/ids"}).error, ErrorCode::kOk);
  world.ensemble.Elect(3);
  world.core.RunFor(1'000'000);
  EXPECT_EQ(world.Do(session, Get("/brokers/ids")).error, ErrorCode::kNoNode);
}

TEST(ServingTest, AnInstalledCheckpointReplacesTheStateAndItsClientsComeBack) {
  World world(3);
  world.Settle(1);
  auto session = world.Open(3, 40'000);
  auto writer = world.Open(1, 40'000);
  world[3].consensus().paused = true;
  ASSERT_EQ(world.Do(writer, Create("/while-away", "x")).error, ErrorCode::kOk);
  world[1].service().OnCheckpointWanted();
  ASSERT_TRUE(world.Run([&] { return !world.ensemble.checkpoints.empty(); }));
  const consensus::Manifest manifest = world.ensemble.checkpoints.back();
  const auto files = world[1].disk().ReadDirectory("checkpoints/" + manifest.name);
  ASSERT_TRUE(files.ok()) << files.status();
  for (const auto& [name, bytes] : *files) {
    world[3].disk().WriteFile("received", name, bytes);
  }
  world[3].consensus().Install(manifest, "received");
  EXPECT_EQ(session.client->history.back(), "farewell not serving");
  world[3].consensus().paused = false;
  ASSERT_EQ(world.Do(writer, Create("/after")).error, ErrorCode::kOk);
  ASSERT_TRUE(world.Run([&] { return world[3].service().Serving(); }));
  EXPECT_TRUE(world.fatal.empty());
  auto again = world.Attach(3, session);
  ASSERT_TRUE(world.Run([&] { return again.client->opened; }));
  EXPECT_EQ(world.Do(again, Get("/while-away")).error, ErrorCode::kOk);
  EXPECT_EQ(world[3].machine().digest(), world[1].machine().digest());
}

TEST(ServingTest, ADamagedCheckpointIsMadeAgainThoughNothingHappensMeanwhile) {
  World world(3);
  world.Settle(1);
  world[1].service().OnCheckpointWanted();
  ASSERT_TRUE(world.Run([&] { return !world.ensemble.checkpoints.empty(); }));
  const consensus::Manifest damaged = world.ensemble.checkpoints.back();

  world[1].service().OnCheckpointUnusable(damaged.name);

  ASSERT_TRUE(world.Run([&] { return world.ensemble.checkpoints.size() == 2; }));
  const consensus::Manifest made = world.ensemble.checkpoints.back();
  EXPECT_EQ(made.index, damaged.index);
  EXPECT_EQ(made.digest, damaged.digest);
  EXPECT_NE(made.name, damaged.name) << "what was received of the damaged one is not a part of it";
  EXPECT_TRUE(world[1].disk().HasDirectory("checkpoints/" + made.name));
  EXPECT_FALSE(world[1].disk().HasDirectory("checkpoints/" + damaged.name));
  EXPECT_EQ(world[1].service().GetStatistics().unusable_checkpoints, 1u);
  world.core.RunFor(1'000'000);
  EXPECT_EQ(world.ensemble.checkpoints.size(), 2u) << "one is enough";
}

TEST(ServingTest, CallsWithoutASessionAreAnsweredOrSaidToBeLost) {
  World world(3, ShortSyncLimit());
  world.Settle(1);
  const model::Credentials anybody = {.identities = {{"ip", "127.0.0.1"}}};
  std::vector<absl::StatusOr<model::Reply>> replies;
  const auto keep = [&](absl::StatusOr<model::Reply> reply) { replies.push_back(reply); };
  ServerService& service = world[2].service();
  service.WriteOnce(anybody, Create("/once", "x"), keep);
  ASSERT_TRUE(world.Run([&] { return replies.size() == 1; }));
  EXPECT_EQ(replies[0]->error, ErrorCode::kOk);
  service.ReadOnce(anybody, Get("/once"), true, keep);
  ASSERT_TRUE(world.Run([&] { return replies.size() == 2; }));
  EXPECT_EQ(std::get<model::DataReply>(replies[1]->body).data, "x");
  service.WriteOnce(anybody, Create("/e", "", model::kEphemeral), keep);
  EXPECT_EQ(replies[2]->error, ErrorCode::kBadArguments);
  world.ensemble.Cut(1, 2);
  service.WriteOnce(anybody, Create("/lost"), keep);
  ASSERT_TRUE(world.Run([&] { return replies.size() == 4; }));
  EXPECT_EQ(replies[3].status().code(), absl::StatusCode::kUnavailable);
}

TEST(ServingTest, AFollowerIsToldEveryChangeAfterItWasArmed) {
  World world(3);
  world.Settle(1);
  auto writer = world.Open(1);
  ASSERT_EQ(world.Do(writer, Create("/f")).error, ErrorCode::kOk);
  TestClient follower;
  model::Zxid armed = 0;
  const ConnectionId id =
      world[1].service().Follow(&follower, {}, {"/f"}, [&](model::Zxid zxid) { armed = zxid; });
  EXPECT_EQ(armed, world[1].service().LastZxid());
  world.Do(writer, Set("/f", "1"));
  world.Do(writer, Set("/f", "2"));
  world.Do(writer, Create("/f/c"));
  EXPECT_THAT(follower.history,
              testing::ElementsAre("event changed /f", "event changed /f", "event children /f"));
  world[1].service().Disconnect(id);
  world.Do(writer, Set("/f", "3"));
  EXPECT_EQ(follower.history.size(), 3u);
}

}  // namespace
}  // namespace rookery::service
