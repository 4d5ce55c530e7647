#include "tools/rookery/shell/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::tools::shell {
namespace {

using ::testing::HasSubstr;

TEST(AclTextTest, ListComesBackFromItsText) {
  const auto acl = ParseAcl("world:anyone:r,digest:user:hash=:cdrwa,ip:10.0.0.0/8:w");
  ASSERT_TRUE(acl.ok()) << acl.status();
  EXPECT_EQ(*acl, (model::Acl{{model::kRead, {"world", "anyone"}},
                              {model::kAll, {"digest", "user:hash="}},
                              {model::kWrite, {"ip", "10.0.0.0/8"}}}));
  EXPECT_EQ(AclText(*acl),
            "'world,'anyone\n: r\n'digest,'user:hash=\n: cdrwa\n'ip,'10.0.0.0/8\n: w\n");
}

TEST(AclTextTest, AuthHasAnEmptyId) {
  const auto acl = ParseAcl("auth::cdrwa");
  ASSERT_TRUE(acl.ok());
  EXPECT_EQ((*acl)[0].id, (model::Id{"auth", ""}));
}

TEST(AclTextTest, NamesTheEntryThatIsWrong) {
  for (const char* text : {"", "world:anyone", "world:anyone:x", "world:anyone:r,nonsense"}) {
    EXPECT_EQ(ParseAcl(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_THAT(std::string(ParseAcl("a:b:r,nonsense").status().message()),
              HasSubstr("\"nonsense\""));
}

TEST(StatTextTest, HasElevenLinesInZooKeepersOrder) {
  model::Stat stat;
  stat.czxid = 0x100000002;
  stat.ephemeral_owner = -1;
  stat.num_children = 3;
  const std::string text = StatText(stat);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_EQ(text.rfind("cZxid = 0x100000002\nctime = ", 0), 0u);
  EXPECT_THAT(text, HasSubstr("ephemeralOwner = 0xffffffffffffffff\n"));
  EXPECT_THAT(text, HasSubstr("numChildren = 3\n"));
}

TEST(ErrorStatusTest, SaysWhatMayHaveHappened) {
  EXPECT_TRUE(ErrorStatus(model::ErrorCode::kOk, false, "/a").ok());
  EXPECT_EQ(ErrorStatus(model::ErrorCode::kNoNode, false, "/a").message(),
            "there is no node /a (NoNode)");
  EXPECT_THAT(std::string(ErrorStatus(model::ErrorCode::kConnectionLoss, true, "/a").message()),
              HasSubstr("may have been done"));
}

}  // namespace
}  // namespace rookery::tools::shell
