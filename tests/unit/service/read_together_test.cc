// Many reads of one zxid: nothing is applied between them, and nodes on disk are brought in first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/service/world.h"

namespace rookery::service {
namespace {

using model::ErrorCode;

std::string DataOf(Service::Reads& reads, const std::string& path) {
  const model::Reply reply = reads.Read(Get(path));
  const auto* data = std::get_if<model::DataReply>(&reply.body);
  return data == nullptr ? std::string(model::ErrorName(reply.error)) : data->data.value_or("null");
}

class ReadTogetherTest : public testing::Test {
 protected:
  ReadTogetherTest() {
    world_.Settle(1);
    session_ = world_.Open(1);
  }
  // What `paths` read at one zxid, separated by blanks.
  std::string Read(std::vector<std::string> paths, model::Credentials credentials = {}) {
    std::string text;
    bool done = false;
    world_[1].service().ReadTogether(
        std::move(credentials),
        [&](Service::Reads& reads) {
          ++runs_;
          text.clear();
          for (const std::string& path : paths) text += DataOf(reads, path) + " ";
        },
        [&](const absl::StatusOr<model::Zxid>& zxid) {
          EXPECT_TRUE(zxid.ok()) << zxid.status();
          if (zxid.ok()) zxid_ = *zxid;
          done = true;
        });
    EXPECT_TRUE(world_.Run([&] { return done; }));
    return text;
  }

  World world_{1};
  World::Session session_;
  int runs_ = 0;
  model::Zxid zxid_ = 0;
};

TEST_F(ReadTogetherTest, SeesWhatWasAnsweredBeforeAndSaysItsZxid) {
  world_.Do(session_, Create("/a", "1"));
  const model::Zxid zxid = world_.Do(session_, Create("/b", "2")).zxid;
  EXPECT_EQ(Read({"/a", "/b", "/c"}), "1 2 NoNode ");
  EXPECT_EQ(zxid_, zxid);
  EXPECT_EQ(runs_, 1);
}

TEST_F(ReadTogetherTest, NodesOnDiskAreBroughtInAndAllIsReadAgain) {
  world_.Do(session_, Create("/a", "1"));
  world_.Do(session_, Create("/b", "2"));
  world_.core.RunFor(15'000'000);  // a flush by its time
  world_.Crash(1);
  world_.Restart(1);
  world_.Settle(1);
  EXPECT_EQ(Read({"/a", "/b", "/c"}), "1 2 NoNode ");
  EXPECT_GT(runs_, 1);
}

TEST_F(ReadTogetherTest, AsksEveryNodeForItself) {
  const model::Acl secret = {{model::kAll, {"digest", "admin:x"}}};
  world_.Do(session_, Create("/a", "1"));
  world_.Do(session_, model::CreateRequest{.path = "/secret", .data = "s", .acl = secret});
  EXPECT_EQ(Read({"/a", "/secret"}, {.identities = {{"ip", "127.0.0.1"}}}), "1 NoAuth ");
  EXPECT_EQ(Read({"/a", "/secret"}, {.super = true}), "1 s ");
}

TEST_F(ReadTogetherTest, EndsWithTheServersService) {
  absl::Status status;
  world_.core.background_delay_us = 1'000'000;
  world_[1].service().ReadTogether(
      {}, [](Service::Reads&) {},
      [&](const absl::StatusOr<model::Zxid>& zxid) { status = zxid.status(); });
  bool stopped = false;
  world_[1].service().Shutdown([&] { stopped = true; });
  ASSERT_TRUE(world_.Run([&] { return stopped; }));
  EXPECT_TRUE(status.ok() || absl::IsUnavailable(status)) << status;
}

}  // namespace
}  // namespace rookery::service
