#include <limits>

#include "tests/unit/tree/tree_fixture.h"

namespace rookery::tree {
namespace {

using model::ErrorCode;

class SetAclTest : public TreeFixture {
 protected:
  Result Run(const model::SetAclRequest& request) {
    return tree::SetAcl(request, Context(), tree_);
  }
};

TEST_F(SetAclTest, MovesAversionAndNothingElse) {
  const store::Node& before = base_.nodes.at("/a");
  const Result result = Run({"/a", *AclOf(model::kRead), 0});
  ASSERT_EQ(result.error, ErrorCode::kOk);
  model::Stat expected = before.ToStat();
  expected.aversion = 1;
  EXPECT_EQ(std::get<model::StatReply>(result.body).stat, expected);
  EXPECT_EQ(*Find("/a")->acl, *AclOf(model::kRead));
  EXPECT_EQ(Find("/a")->data, "old");
  ASSERT_EQ(tree_.changes().size(), 1u);
  EXPECT_EQ(tree_.changes()[0].kind, model::Change::Kind::kAclChanged);
}

TEST_F(SetAclTest, ComparesAversionAndWraps) {
  base_.nodes.at("/a").aversion = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(Run({"/a", *model::OpenAcl(), 0}).error, ErrorCode::kBadVersion);
  const Result result = Run({"/a", *model::OpenAcl(), std::numeric_limits<int32_t>::max()});
  EXPECT_EQ(std::get<model::StatReply>(result.body).stat.aversion,
            std::numeric_limits<int32_t>::min());
}

TEST_F(SetAclTest, ChecksInZooKeepersOrder) {
  EXPECT_EQ(Run({"/missing/", std::nullopt, 0}).error, ErrorCode::kBadArguments);
  EXPECT_EQ(Run({"/missing", std::nullopt, 0}).error, ErrorCode::kInvalidAcl);
  EXPECT_EQ(Run({"/missing", *model::OpenAcl(), 0}).error, ErrorCode::kNoNode);
  base_.nodes.at("/a").acl = AclOf(model::kAll & ~model::kAdmin);
  EXPECT_EQ(Run({"/a", *model::OpenAcl(), 9}).error, ErrorCode::kNoAuth);
}

TEST_F(SetAclTest, ExpandsAuthToTheCallersIdentities) {
  who_.identities = {{"digest", "bob:hash"}, {"ip", "127.0.0.1"}};
  ASSERT_EQ(Run({"/a", model::Acl{{model::kRead, {"auth", ""}}}, -1}).error, ErrorCode::kOk);
  EXPECT_EQ(*Find("/a")->acl, (model::Acl{{model::kRead, {"digest", "bob:hash"}}}));
}

}  // namespace
}  // namespace rookery::tree
