#include <gmock/gmock.h>

#include "tests/unit/tree/tree_fixture.h"

namespace rookery::tree {
namespace {

using model::ErrorCode;

class DeleteTest : public TreeFixture {
 protected:
  ErrorCode Run(std::string path, int32_t version = -1) {
    return tree::Delete({std::move(path), version}, Context(), tree_).error;
  }
};

TEST_F(DeleteTest, TakesTheNodeAndCountsItsParent) {
  EXPECT_EQ(Run("/a/b"), ErrorCode::kOk);
  EXPECT_EQ(Find("/a/b"), nullptr);
  EXPECT_EQ(Find("/a")->num_children, 0);
  EXPECT_EQ(Find("/a")->child_creations, 1) << "a creation was taken back";
  EXPECT_EQ(Find("/a")->pzxid, kZxid);
  EXPECT_EQ(Find("/a")->ToStat().cversion, 2);
  ASSERT_EQ(tree_.changes().size(), 1u);
  EXPECT_EQ(tree_.changes()[0].kind, model::Change::Kind::kDeleted);
  EXPECT_NE(tree_.changes()[0].acl, nullptr);
  EXPECT_NE(tree_.changes()[0].parent_acl, nullptr);
}

TEST_F(DeleteTest, RefusesNodeWithChildrenAfterItsVersion) {
  EXPECT_EQ(Run("/a", 3), ErrorCode::kBadVersion);
  EXPECT_EQ(Run("/a", 0), ErrorCode::kNotEmpty);
}

TEST_F(DeleteTest, ParentsRightsDecide) {
  base_.nodes.at("/a").acl = AclOf(model::kAll & ~model::kDelete);
  EXPECT_EQ(Run("/a/b"), ErrorCode::kNoAuth);
  EXPECT_EQ(Run("/a/missing"), ErrorCode::kNoAuth);
  base_.nodes.at("/a").acl = AclOf(model::kDelete);
  base_.nodes.at("/a/b").acl = AclOf(0);
  EXPECT_EQ(Run("/a/b"), ErrorCode::kOk);
}

TEST_F(DeleteTest, ReservedNodesStay) {
  Put("/zookeeper");
  Put("/zookeeper/quota");
  for (const char* path : {"/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"}) {
    EXPECT_EQ(Run(path, 99), ErrorCode::kBadArguments) << path;
  }
}

TEST_F(DeleteTest, VersionOfMinusOneByOverflowMatchesOnlyAnyVersion) {
  base_.nodes.at("/a/b").version = -1;
  EXPECT_EQ(Run("/a/b", 0), ErrorCode::kBadVersion);
  EXPECT_EQ(Run("/a/b", -2), ErrorCode::kBadVersion);
  EXPECT_EQ(Run("/a/b", -1), ErrorCode::kOk);
}

TEST_F(DeleteTest, RemovingWhatIsGoneChangesNothing) {
  Remove("/missing", kZxid, tree_);
  EXPECT_TRUE(tree_.entries().empty());
  EXPECT_TRUE(tree_.changes().empty());
}

TEST_F(DeleteTest, RemovalNotesNodeAndParentTogether) {
  base_.unknown = {"/a", "/a/b"};
  Remove("/a/b", kZxid, tree_);
  EXPECT_THAT(tree_.missing().nodes, testing::UnorderedElementsAre("/a", "/a/b"));
}

}  // namespace
}  // namespace rookery::tree
