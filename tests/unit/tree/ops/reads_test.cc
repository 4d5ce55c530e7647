#include <gmock/gmock.h>

#include "tests/unit/tree/tree_fixture.h"

namespace rookery::tree {
namespace {

using model::ErrorCode;
using testing::ElementsAre;

class ReadsTest : public TreeFixture {};

TEST_F(ReadsTest, EmptyPathIsTheRoot) {
  EXPECT_EQ(GetData({""}, who_, tree_).error, ErrorCode::kOk);
  EXPECT_EQ(Exists({""}, who_, tree_).error, ErrorCode::kOk);
  EXPECT_EQ(GetAcl({""}, who_, tree_).error, ErrorCode::kOk);
  const Result children = GetChildren({""}, who_, tree_);
  EXPECT_THAT(std::get<model::ChildrenReply>(children.body).children, ElementsAre("a"));
}

TEST_F(ReadsTest, AllButGetAclNeedRead) {
  base_.nodes.at("/a").acl = AclOf(model::kAll & ~model::kRead & ~model::kAdmin);
  EXPECT_EQ(GetData({"/a"}, who_, tree_).error, ErrorCode::kNoAuth);
  EXPECT_EQ(Exists({"/a"}, who_, tree_).error, ErrorCode::kNoAuth);
  EXPECT_EQ(GetChildren({"/a"}, who_, tree_).error, ErrorCode::kNoAuth);
  EXPECT_EQ(GetAcl({"/a"}, who_, tree_).error, ErrorCode::kNoAuth);
  base_.nodes.at("/a").acl = AclOf(model::kAdmin);
  EXPECT_EQ(GetAcl({"/a"}, who_, tree_).error, ErrorCode::kOk);
  EXPECT_EQ(GetData({"/a"}, who_, tree_).error, ErrorCode::kNoAuth);
}

TEST_F(ReadsTest, AclOfOthersIsRedacted) {
  base_.nodes.at("/a").acl = std::make_shared<const model::Acl>(
      model::Acl{{model::kRead, {"world", "anyone"}}, {model::kAll, {"digest", "bob:hash"}}});
  const auto acl_for = [&](const model::Credentials& who) {
    return std::get<model::AclReply>(GetAcl({"/a"}, who, tree_).body).acl[1].id.id;
  };
  EXPECT_EQ(acl_for({}), "bob:x");
  EXPECT_EQ(acl_for({.identities = {{"digest", "bob:hash"}}}), "bob:hash");
  EXPECT_EQ(acl_for({.super = true}), "bob:hash");
}

TEST_F(ReadsTest, ListOfANodeWithoutChildrenIsNotAskedFor) {
  base_.unknown_lists = {"/a/b", "/a"};
  const Result leaf = GetChildren({.path = "/a/b", .want_stat = true}, who_, tree_);
  EXPECT_TRUE(std::get<model::ChildrenReply>(leaf.body).with_stat);
  EXPECT_FALSE(tree_.missed());
  GetChildren({"/a"}, who_, tree_);
  EXPECT_THAT(tree_.missing().child_lists, ElementsAre("/a"));
}

TEST_F(ReadsTest, MissedNodeIsNoted) {
  base_.unknown = {"/a"};
  GetData({"/a"}, who_, tree_);
  EXPECT_THAT(tree_.missing().nodes, ElementsAre("/a"));
}

}  // namespace
}  // namespace rookery::tree
