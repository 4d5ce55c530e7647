#include <gmock/gmock.h>

#include <limits>

#include "tests/unit/tree/tree_fixture.h"

namespace rookery::tree {
namespace {

using model::ErrorCode;

class CreateTest : public TreeFixture {
 protected:
  Result Run(const model::CreateRequest& request) {
    return tree::Create(request, Context(), tree_);
  }
  std::string PathOf(const Result& result) {
    return std::get<model::CreateReply>(result.body).path;
  }
};

TEST_F(CreateTest, GivesANewNodeItsNumbers) {
  model::CreateRequest request = NewNode("/a/c");
  request.want_stat = true;
  const Result result = Run(request);
  ASSERT_EQ(result.error, ErrorCode::kOk);
  const auto& reply = std::get<model::CreateReply>(result.body);
  EXPECT_TRUE(reply.with_stat);
  EXPECT_EQ(reply.stat, (model::Stat{.czxid = kZxid,
                                     .mzxid = kZxid,
                                     .ctime_ms = kTimeMs,
                                     .mtime_ms = kTimeMs,
                                     .data_length = 3,
                                     .pzxid = kZxid}));
  EXPECT_EQ(Find("/a/c")->ToStat(), reply.stat);
  EXPECT_EQ(Find("/a")->num_children, 2);
  EXPECT_EQ(Find("/a")->child_creations, 2);
  EXPECT_EQ(Find("/a")->pzxid, kZxid);
  EXPECT_EQ(Find("/a")->mzxid, 1);
}

TEST_F(CreateTest, TellsWhoMayReadOfIt) {
  const model::AclRef parent_acl = AclOf(model::kAll);
  base_.nodes.at("/a").acl = parent_acl;
  model::CreateRequest request = NewNode("/a/c");
  request.acl = *AclOf(model::kRead);
  ASSERT_EQ(Run(request).error, ErrorCode::kOk);
  ASSERT_EQ(tree_.changes().size(), 1u);
  EXPECT_EQ(tree_.changes()[0].kind, model::Change::Kind::kCreated);
  EXPECT_EQ(*tree_.changes()[0].acl, *AclOf(model::kRead));
  EXPECT_EQ(tree_.changes()[0].parent_acl, parent_acl);
}

TEST_F(CreateTest, EphemeralBelongsToTheSession) {
  ASSERT_EQ(Run(NewNode("/e", model::kEphemeral)).error, ErrorCode::kOk);
  EXPECT_EQ(Find("/e")->ephemeral_owner, kSession);
}

TEST_F(CreateTest, NobodysEphemeralIsRefused) {
  const WriteContext nobody{0, kZxid, kTimeMs, who_};
  EXPECT_EQ(tree::Create(NewNode("/e", model::kEphemeral), nobody, tree_).error,
            ErrorCode::kBadArguments);
  EXPECT_EQ(tree::Create(NewNode("/p"), nobody, tree_).error, ErrorCode::kOk);
}

TEST_F(CreateTest, SequenceSticksAtItsEnd) {
  store::Node& parent = base_.nodes.at("/a");
  parent.child_creations = std::numeric_limits<int32_t>::max() - 1;
  EXPECT_EQ(PathOf(Run(NewNode("/a/s", model::kPersistentSequential))), "/a/s2147483646");
  EXPECT_EQ(PathOf(Run(NewNode("/a/s", model::kPersistentSequential))), "/a/s2147483647");
  EXPECT_EQ(Run(NewNode("/a/s", model::kPersistentSequential)).error, ErrorCode::kNodeExists);
  EXPECT_EQ(PathOf(Run(NewNode("/a/t", model::kPersistentSequential))), "/a/t2147483647");
  EXPECT_EQ(Find("/a")->num_children, 4);
  EXPECT_EQ(Find("/a")->ToStat().cversion, static_cast<int32_t>(2 * 2147483647LL - 4));
}

TEST_F(CreateTest, ChecksInZooKeepersOrder) {
  base_.nodes.at("/a").acl = AclOf(model::kRead);
  model::CreateRequest request = NewNode("no-slash", 7);
  request.acl = std::nullopt;
  EXPECT_EQ(Run(request).error, ErrorCode::kBadArguments);  // flags
  request.flags = 5;
  EXPECT_EQ(Run(request).error, ErrorCode::kUnimplemented);  // no TTL nodes
  request.flags = 0;
  EXPECT_EQ(Run(request).error, ErrorCode::kBadArguments);  // path's shape
  request.path = "/missing/";
  EXPECT_EQ(Run(request).error, ErrorCode::kInvalidAcl);
  request.acl = *model::OpenAcl();
  EXPECT_EQ(Run(request).error, ErrorCode::kNoNode);  // the parent
  request.path = "/a/.";
  EXPECT_EQ(Run(request).error, ErrorCode::kNoAuth);
  base_.nodes.at("/a").acl = AclOf(model::kCreate);
  base_.nodes.at("/a").ephemeral_owner = 1;
  EXPECT_EQ(Run(request).error, ErrorCode::kBadArguments);  // the final path
  request.path = "/a/b";
  EXPECT_EQ(Run(request).error, ErrorCode::kNodeExists);
  request.path = "/a/c";
  EXPECT_EQ(Run(request).error, ErrorCode::kNoChildrenForEphemerals);
}

TEST_F(CreateTest, NotesWhatItMissed) {
  base_.unknown = {"/a/c"};
  Run(NewNode("/a/c"));
  EXPECT_THAT(tree_.missing().nodes, testing::ElementsAre("/a/c"));
}

}  // namespace
}  // namespace rookery::tree
