#include <limits>

#include "tests/unit/tree/tree_fixture.h"

namespace rookery::tree {
namespace {

using model::ErrorCode;

class SetDataTest : public TreeFixture {
 protected:
  Result Run(const model::SetDataRequest& request) {
    return tree::SetData(request, Context(), tree_);
  }
};

TEST_F(SetDataTest, MovesVersionAndTimeAndNothingElse) {
  store::Node& before = base_.nodes.at("/a");
  before.ephemeral_owner = 4;
  before.aversion = 3;
  const Result result = Run({"/a", std::nullopt, 0});
  ASSERT_EQ(result.error, ErrorCode::kOk);
  model::Stat expected = before.ToStat();
  expected.version = 1;
  expected.mzxid = kZxid;
  expected.mtime_ms = kTimeMs;
  expected.data_length = 0;
  EXPECT_EQ(std::get<model::StatReply>(result.body).stat, expected);
  EXPECT_EQ(Find("/a")->data, std::nullopt);
  EXPECT_EQ(Find("/a")->acl, before.acl);
}

TEST_F(SetDataTest, VersionWraps) {
  base_.nodes.at("/a").version = std::numeric_limits<int32_t>::max();
  const Result result = Run({"/a", "x", std::numeric_limits<int32_t>::max()});
  EXPECT_EQ(std::get<model::StatReply>(result.body).stat.version,
            std::numeric_limits<int32_t>::min());
}

TEST_F(SetDataTest, AsksForRightsBeforeTheVersion) {
  base_.nodes.at("/a").acl = AclOf(model::kAll & ~model::kWrite);
  EXPECT_EQ(Run({"/a", "x", 7}).error, ErrorCode::kNoAuth);
  who_.super = true;
  EXPECT_EQ(Run({"/a", "x", 7}).error, ErrorCode::kBadVersion);
  EXPECT_EQ(Run({"/a", "x", 0}).error, ErrorCode::kOk);
}

}  // namespace
}  // namespace rookery::tree
