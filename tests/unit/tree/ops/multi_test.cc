#include <gmock/gmock.h>

#include "tests/unit/tree/tree_fixture.h"

namespace rookery::tree {
namespace {

using model::ErrorCode;
using Kind = model::MultiReply::Part::Kind;

class MultiTest : public TreeFixture {
 protected:
  Result Run(std::vector<model::MultiRequest::Part> parts) {
    return Multi({std::move(parts)}, Context(), tree_);
  }
  static const std::vector<model::MultiReply::Part>& PartsOf(const Result& result) {
    return std::get<model::MultiReply>(result.body).parts;
  }
};

TEST_F(MultiTest, PartsAnswerAsTheirOperationsWould) {
  const Result result = Run({NewNode("/c"), model::SetDataRequest{"/c", "x", 0},
                             model::CheckRequest{"/c", 1}, model::DeleteRequest{"/c", 1}});
  ASSERT_EQ(result.error, ErrorCode::kOk);
  const auto& parts = PartsOf(result);
  ASSERT_EQ(parts.size(), 4u);
  EXPECT_EQ(parts[0].kind, Kind::kCreate);
  EXPECT_EQ(std::get<model::CreateReply>(parts[0].body).path, "/c");
  EXPECT_EQ(parts[1].kind, Kind::kSetData);
  EXPECT_EQ(std::get<model::StatReply>(parts[1].body).stat.version, 1);
  EXPECT_EQ(parts[2].kind, Kind::kCheck);
  EXPECT_EQ(parts[3].kind, Kind::kDelete);
  EXPECT_EQ(Find("/c"), nullptr);
  EXPECT_EQ(Find("/")->child_creations, 2);
}

TEST_F(MultiTest, FailureLeavesNothingInTheOverlay) {
  const Result result =
      Run({NewNode("/c"), model::CheckRequest{"/a", 8}, model::DeleteRequest{"/a/b"}});
  EXPECT_EQ(result.error, ErrorCode::kOk);
  const auto& parts = PartsOf(result);
  ASSERT_EQ(parts.size(), 3u);
  for (const auto& part : parts) EXPECT_EQ(part.kind, Kind::kError);
  EXPECT_EQ(parts[0].error, ErrorCode::kOk);
  EXPECT_EQ(parts[1].error, ErrorCode::kBadVersion);
  EXPECT_EQ(parts[2].error, ErrorCode::kRuntimeInconsistency);
  EXPECT_TRUE(tree_.entries().empty());
  EXPECT_TRUE(tree_.changes().empty());
  EXPECT_EQ(Find("/c"), nullptr);
}

TEST_F(MultiTest, UnreadableFlagSpoilsTheWhole) {
  for (const int32_t flags : {-1, 5, 6, 9}) {
    EXPECT_EQ(Run({NewNode("/c"), NewNode("/d", flags)}).error, ErrorCode::kMarshallingError);
    EXPECT_TRUE(tree_.entries().empty());
  }
}

TEST_F(MultiTest, CheckAsksForRead) {
  base_.nodes.at("/a").acl = AclOf(model::kAll & ~model::kRead);
  EXPECT_EQ(PartsOf(Run({model::CheckRequest{"/a", -1}}))[0].error, ErrorCode::kNoAuth);
  EXPECT_EQ(PartsOf(Run({model::CheckRequest{"/a/", -1}}))[0].error, ErrorCode::kBadArguments);
  EXPECT_EQ(PartsOf(Run({model::CheckRequest{"/x", -1}}))[0].error, ErrorCode::kNoNode);
}

TEST_F(MultiTest, PartOfAMissedNodeIsNotMistakenForAFailure) {
  base_.unknown = {"/x"};
  Run({NewNode("/c"), model::DeleteRequest{"/x"}});
  EXPECT_TRUE(tree_.missed());
  EXPECT_THAT(tree_.missing().nodes, testing::ElementsAre("/x"));
}

}  // namespace
}  // namespace rookery::tree
