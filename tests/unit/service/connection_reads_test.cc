// What a connection watches by name, and what it is told of itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/service/world.h"

namespace rookery::service {
namespace {

using model::ErrorCode;
using testing::ElementsAre;
using testing::IsEmpty;

class ConnectionReadsTest : public testing::Test {
 protected:
  ConnectionReadsTest() : world_(1) { world_.Settle(1); }

  ErrorCode Ask(World::Session& session, model::ReadOperation operation) {
    return world_.Do(session, std::move(operation)).error;
  }
  std::vector<std::string> Ephemerals(World::Session& session, const std::string& prefix) {
    return std::get<model::EphemeralsReply>(
               world_.Do(session, model::ReadOperation(model::GetEphemeralsRequest{prefix})).body)
        .paths;
  }

  World world_;
};

TEST_F(ConnectionReadsTest, AWatchThatStaysTakesItsTurnAmongWrites) {
  auto client = world_.Open(1);
  client.Write(Create("/a", ""));
  client.Read(model::AddWatchRequest{"/a"});
  client.Write(Set("/a", "x"));
  client.Write(Set("/a", "y"));
  client.Read(model::RemoveWatchesRequest{"/a"});
  client.Write(Set("/a", "z"));
  ASSERT_TRUE(world_.Run([&] { return client.client->history.size() >= 9; }));
  EXPECT_THAT(client.client->history,
              ElementsAre("session", "reply 1 Ok", "reply 2 Ok", "event changed /a", "reply 3 Ok",
                          "event changed /a", "reply 4 Ok", "reply 5 Ok", "reply 6 Ok"));
}

TEST_F(ConnectionReadsTest, WatchesEndWithTheirConnection) {
  auto old = world_.Open(1);
  ASSERT_EQ(Ask(old, model::AddWatchRequest{"/a", model::WatchMode::kPersistentRecursive}),
            ErrorCode::kOk);
  ASSERT_EQ(Ask(old, model::CheckWatchesRequest{"/a"}), ErrorCode::kOk);
  auto moved = world_.Attach(1, old);
  ASSERT_TRUE(world_.Run([&] { return moved.client->opened; }));
  EXPECT_EQ(world_[1].service().GetStatistics().watch_all, 0u);
  EXPECT_EQ(Ask(moved, model::CheckWatchesRequest{"/a"}), ErrorCode::kNoWatcher);
  EXPECT_EQ(Ask(moved, model::RemoveWatchesRequest{"/a"}), ErrorCode::kNoWatcher);
  EXPECT_EQ(
      Ask(moved, model::SetWatchesRequest{.persistent = {"/p"}, .persistent_recursive = {"/a"}}),
      ErrorCode::kOk);
  world_.Do(moved, Create("/a", ""));
  world_.Do(moved, Create("/a/b", ""));
  world_.Do(moved, Create("/p", ""));
  EXPECT_THAT(moved.client->history,
              ElementsAre("session", "reply 1 NoWatcher", "reply 2 NoWatcher", "reply 3 Ok",
                          "event created /a", "reply 4 Ok", "event created /a/b", "reply 5 Ok",
                          "event created /p", "reply 6 Ok"));
}

TEST_F(ConnectionReadsTest, EphemeralsAreTheSessionsOwn) {
  auto client = world_.Open(1);
  auto other = world_.Open(1);
  EXPECT_THAT(Ephemerals(client, "/"), IsEmpty());
  for (const char* path : {"/b", "/a", "/ab"}) {
    world_.Do(client, Create(path, "", model::kEphemeral));
  }
  world_.Do(other, Create("/other", "", model::kEphemeral));
  EXPECT_THAT(Ephemerals(client, "/"), ElementsAre("/a", "/ab", "/b"));
  EXPECT_THAT(Ephemerals(client, ""), ElementsAre("/a", "/ab", "/b"));
  EXPECT_THAT(Ephemerals(client, std::string("/\0 ", 3)), ElementsAre("/a", "/ab", "/b"));
  EXPECT_THAT(Ephemerals(client, "/a"), ElementsAre("/a", "/ab"));
  EXPECT_THAT(Ephemerals(client, "/a "), IsEmpty());
  auto moved = world_.Attach(1, client);
  ASSERT_TRUE(world_.Run([&] { return moved.client->opened; }));
  EXPECT_THAT(Ephemerals(moved, "/b"), ElementsAre("/b"));
}

TEST_F(ConnectionReadsTest, WhoAmITellsNoSecret) {
  auto client = world_.Open(1);
  world_[1].service().SetCredentials(
      client.connection,
      {.identities = {{"digest", "ann:c2VjcmV0"}, {"ip", "10.0.0.1"}}, .super = true});
  const model::Reply reply = world_.Do(client, model::ReadOperation(model::WhoAmIRequest()));
  EXPECT_THAT(
      std::get<model::WhoAmIReply>(reply.body).identities,
      ElementsAre(model::Id{"digest", "ann"}, model::Id{"ip", "10.0.0.1"}, model::Id{"super", ""}));
}

TEST_F(ConnectionReadsTest, NobodyAsksThemWithoutAConnection) {
  for (const model::ReadOperation& operation :
       {model::ReadOperation(model::AddWatchRequest{"/a"}),
        model::ReadOperation(model::CheckWatchesRequest{"/a"}),
        model::ReadOperation(model::RemoveWatchesRequest{"/a"}),
        model::ReadOperation(model::SetWatchesRequest()),
        model::ReadOperation(model::WhoAmIRequest()),
        model::ReadOperation(model::GetEphemeralsRequest())}) {
    std::optional<model::Reply> answered;
    world_[1].service().ReadOnce({}, operation, false, [&](absl::StatusOr<model::Reply> reply) {
      answered = *std::move(reply);
    });
    ASSERT_TRUE(answered.has_value());
    EXPECT_EQ(answered->error, ErrorCode::kBadArguments);
  }
}

}  // namespace
}  // namespace rookery::service
