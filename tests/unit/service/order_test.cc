// The order in which one client is answered and told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/service/world.h"

namespace rookery::service {
namespace {

using model::ErrorCode;
using testing::ElementsAre;

std::string DataOf(const model::Reply& reply) {
  return std::get<model::DataReply>(reply.body).data.value_or("<null>");
}

TEST(OrderTest, OneServerOpensASessionWritesAndReads) {
  World world(1);
  world.Settle(1);
  auto client = world.Open(1);
  EXPECT_EQ(client.client->session.password.size(), 16u);
  EXPECT_EQ(world.Do(client, Create("/a", "x")).error, ErrorCode::kOk);
  EXPECT_EQ(DataOf(world.Do(client, Get("/a"))), "x");
  EXPECT_EQ(world.Do(client, Get("/b")).error, ErrorCode::kNoNode);
}

TEST(OrderTest, ReadBehindAWriteSeesItAndNothingLater) {
  World world(3);
  world.Settle(1);
  for (const model::ServerId server : {1, 2}) {
    const std::string path = absl::StrCat("/a", server);
    auto client = world.Open(server);
    const uint64_t create = client.Write(Create(path, "first"));
    const uint64_t read = client.Read(Get(path));
    const uint64_t set = client.Write(Set(path, "second"));
    const uint64_t last = client.Read(Get(path));
    ASSERT_TRUE(world.Run([&] { return client.Answered(last); }));
    EXPECT_EQ(DataOf(client.Reply(read)), "first");
    EXPECT_EQ(client.Reply(read).zxid, client.Reply(create).zxid);
    EXPECT_EQ(DataOf(client.Reply(last)), "second");
    EXPECT_EQ(client.Reply(last).zxid, client.Reply(set).zxid);
    EXPECT_THAT(client.client->history,
                ElementsAre("session", "reply 1 Ok", "reply 2 Ok", "reply 3 Ok", "reply 4 Ok"));
  }
}

TEST(OrderTest, ReadBehindASyncDoesNotSeeTheClientsLaterWrite) {
  World world(3);
  world.Settle(1);
  auto writer = world.Open(1);
  ASSERT_EQ(world.Do(writer, Create("/x", "old")).error, ErrorCode::kOk);
  auto client = world.Open(2);
  // Another client's write is committed, and this server has not applied it yet.
  world[2].consensus().paused = true;
  ASSERT_EQ(world.Do(writer, Set("/x", "committed")).error, ErrorCode::kOk);
  client.Read(model::SyncRequest{"/x"});
  const uint64_t read = client.Read(Get("/x"));
  const uint64_t set = client.Write(Set("/x", "own"));
  world.core.RunFor(50'000);
  EXPECT_FALSE(client.Answered(1)) << "sync was answered before its barrier was applied";
  world[2].consensus().paused = false;
  ASSERT_EQ(world.Do(writer, Create("/wakes", "")).error, ErrorCode::kOk);
  ASSERT_TRUE(world.Run([&] { return client.Answered(set); }));
  EXPECT_EQ(DataOf(client.Reply(read)), "committed");
  EXPECT_THAT(client.client->history,
              ElementsAre("session", "reply 1 Ok", "reply 2 Ok", "reply 3 Ok"));
}

TEST(OrderTest, WriteBehindASyncWaitsForItThoughAnEarlierWriteIsUnderWay) {
  World world(3);
  world.Settle(1);
  auto writer = world.Open(1);
  ASSERT_EQ(world.Do(writer, Create("/x", "old")).error, ErrorCode::kOk);
  auto client = world.Open(2);
  world[2].consensus().paused = true;
  ASSERT_EQ(world.Do(writer, Set("/x", "committed")).error, ErrorCode::kOk);
  client.Write(Create("/first"));
  client.Read(model::SyncRequest{"/x"});
  const uint64_t read = client.Read(Get("/x"));
  const uint64_t set = client.Write(Set("/x", "own"));
  world.core.RunFor(50'000);
  ASSERT_EQ(world.Do(writer, Get("/first")).error, ErrorCode::kOk);
  EXPECT_EQ(DataOf(world.Do(writer, Get("/x"))), "committed") << "it overtook the sync";
  world[2].consensus().paused = false;
  ASSERT_EQ(world.Do(writer, Create("/wakes", "")).error, ErrorCode::kOk);
  ASSERT_TRUE(world.Run([&] { return client.Answered(set); }));
  EXPECT_EQ(DataOf(client.Reply(read)), "committed");
  EXPECT_THAT(client.client->history,
              ElementsAre("session", "reply 1 Ok", "reply 2 Ok", "reply 3 Ok", "reply 4 Ok"));
}

TEST(OrderTest, EventComesBeforeTheReplyOfTheWriteThatCausedIt) {
  World world(3);
  world.Settle(1);
  auto client = world.Open(2);
  ASSERT_EQ(world.Do(client, Create("/a", "x")).error, ErrorCode::kOk);
  client.Read(Get("/a", true));
  client.Write(Set("/a", "y"));
  const uint64_t last = client.Write(model::DeleteRequest{"/a"});
  ASSERT_TRUE(world.Run([&] { return client.Answered(last); }));
  EXPECT_THAT(client.client->history, ElementsAre("session", "reply 1 Ok", "reply 2 Ok",
                                                  "event changed /a", "reply 3 Ok", "reply 4 Ok"));
}

TEST(OrderTest, EventComesBeforeARepliesThatShowTheChange) {
  World world(3);
  world.Settle(1);
  auto watcher = world.Open(3);
  auto writer = world.Open(1);
  ASSERT_EQ(world.Do(writer, Create("/a", "x")).error, ErrorCode::kOk);
  ASSERT_EQ(world.Do(watcher, model::SyncRequest{"/"}).error, ErrorCode::kOk);
  ASSERT_EQ(world.Do(watcher, model::ReadOperation(model::GetChildrenRequest{"/a", true})).error,
            ErrorCode::kOk);
  writer.Write(Create("/a/b", ""));
  std::string seen;
  ASSERT_TRUE(world.Run([&] {
    const uint64_t tag = watcher.Read(model::ExistsRequest{"/a/b"});
    world.Run([&] { return watcher.Answered(tag); });
    return watcher.Reply(tag).error == ErrorCode::kOk;
  }));
  const auto& history = watcher.client->history;
  EXPECT_NE(std::find(history.begin(), history.end(), "event children /a"), history.end());
  EXPECT_NE(history.back(), "event children /a");
}

TEST(OrderTest, CloseIsAnsweredAfterItsEventsAndEndsTheConnection) {
  World world(1);
  world.Settle(1);
  auto client = world.Open(1);
  ASSERT_EQ(world.Do(client, Create("/e", "", model::kEphemeral)).error, ErrorCode::kOk);
  client.Read(model::ExistsRequest{"/e", true});
  client.Write(model::CloseSessionRequest());
  client.Read(Get("/e"));
  ASSERT_TRUE(world.Run([&] { return client.client->gone; }));
  EXPECT_THAT(client.client->history,
              ElementsAre("session", "reply 1 Ok", "reply 2 Ok", "event deleted /e", "reply 3 Ok",
                          "farewell closed"));
}

TEST(OrderTest, SetWatchesTellsWhatWasMissedBeforeItsReply) {
  World world(1);
  world.Settle(1);
  auto writer = world.Open(1);
  world.Do(writer, Create("/changed", ""));
  world.Do(writer, Create("/same", ""));
  const model::Zxid seen = world.Do(writer, Create("/parent", "")).zxid;
  world.Do(writer, Set("/changed", "y"));
  world.Do(writer, Create("/parent/child", ""));
  world.Do(writer, Create("/appeared", ""));
  auto client = world.Open(1);
  model::SetWatchesRequest request{.relative_zxid = seen,
                                   .data = {"/changed", "/same", "/missing"},
                                   .exist = {"/appeared", "/not-yet"},
                                   .child = {"/parent", "/same"}};
  ASSERT_EQ(world.Do(client, model::ReadOperation(request)).error, ErrorCode::kOk);
  EXPECT_THAT(client.client->history,
              ElementsAre("session", "event changed /changed", "event deleted /missing",
                          "event created /appeared", "event children /parent", "reply 1 Ok"));
  world.Do(writer, Set("/same", "z"));
  world.Do(writer, Create("/not-yet", ""));
  EXPECT_THAT(client.client->history, testing::Contains("event changed /same").Times(1));
  EXPECT_EQ(client.client->history.back(), "event created /not-yet");
}

}  // namespace
}  // namespace rookery::service
