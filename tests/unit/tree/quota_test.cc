#include "coordinator/tree/quota.h"

#include <gmock/gmock.h>

#include <limits>

#include "absl/strings/str_cat.h"
#include "coordinator/base/limits.h"
#include "tests/unit/tree/tree_fixture.h"

namespace rookery::tree {
namespace {

using model::ErrorCode;
using testing::ElementsAre;

TEST(QuotaNumbersTest, ReadsWhatItWrites) {
  for (const char* text : {"count=4,bytes=5", "count=-1,bytes=-1=;byteHardLimit=100",
                           "count=0,bytes=7=;byteHardLimit=100;countHardLimit=5;z=9"}) {
    EXPECT_EQ(QuotaNumbers::Parse(text).ToText(), text);
  }
}

TEST(QuotaNumbersTest, WhatIsNotThereIsUnset) {
  for (const model::Data& text : {model::Data(), model::Data("")}) {
    EXPECT_EQ(QuotaNumbers::Parse(text).ToText(), "count=-1,bytes=-1");
  }
  EXPECT_EQ(QuotaNumbers::Parse("count==5").Get("count"), -1);
}

TEST(QuotaNumbersTest, LeavesOutWhatIsNoPair) {
  EXPECT_EQ(
      QuotaNumbers::Parse("x,count=1;;bytes=two,bytes=3,=4,count=99999999999999999999").ToText(),
      "count=1,bytes=3=;=4");
}

TEST(QuotaNumbersTest, WrapsAround) {
  QuotaNumbers numbers;
  numbers.Set("count", std::numeric_limits<int64_t>::max());
  numbers.Add("count", 1);
  EXPECT_EQ(numbers.Get("count"), std::numeric_limits<int64_t>::min());
}

class QuotaTest : public TreeFixture {
 protected:
  QuotaTest() {
    Put("/zookeeper");
    Put("/zookeeper/quota").data = "";
    base_.nodes.at("/a").data = "1234";
    base_.nodes.at("/a/b").data = "12";
  }
  // A quota that is in force, with whatever usage.
  void PutQuota(const std::string& path, const std::string& limits, const std::string& usage) {
    std::string place = "/zookeeper/quota";
    for (size_t at = 1; at < path.size();) {
      const size_t end = std::min(path.find('/', at), path.size());
      absl::StrAppend(&place, "/", path.substr(at, end - at));
      if (!base_.nodes.contains(place)) Put(place);
      at = end + 1;
    }
    Put(absl::StrCat(place, "/zookeeper_limits")).data = limits;
    Put(absl::StrCat(place, "/zookeeper_stats")).data = usage;
  }
  ErrorCode Create(const std::string& path, const std::string& data, int32_t flags = 0) {
    model::CreateRequest request = NewNode(path, flags);
    request.data = data;
    return tree::Create(request, Context(), tree_).error;
  }
  ErrorCode Set(const std::string& path, const std::string& data) {
    return tree::SetData({path, data}, Context(), tree_).error;
  }
  std::string Usage(const std::string& path) {
    const store::Node* node = Find(absl::StrCat("/zookeeper/quota", path, "/zookeeper_stats"));
    return node == nullptr ? "gone" : node->data.value_or("null");
  }
};

TEST_F(QuotaTest, CreatedStatisticsCountWhatIsThere) {
  Put("/ab").data = "not below /a";
  Put("/zookeeper/quota/a");
  ASSERT_EQ(Create("/zookeeper/quota/a/zookeeper_stats", "whatever"), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=2,bytes=6");
}

TEST_F(QuotaTest, CreatedStatisticsCountTheEarlierPartsOfTheirMultiToo) {
  Put("/zookeeper/quota/a");
  ASSERT_EQ(Create("/a/c", "123"), ErrorCode::kOk);
  ASSERT_EQ(Set("/a", "1"), ErrorCode::kOk);
  ASSERT_EQ(tree::Delete({"/a/b"}, Context(), tree_).error, ErrorCode::kOk);
  ASSERT_EQ(Create("/zookeeper/quota/a/zookeeper_stats", ""), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=2,bytes=4");
}

TEST_F(QuotaTest, FollowsCreationsDeletionsAndData) {
  PutQuota("/a", "count=-1,bytes=-1", "count=2,bytes=6");
  ASSERT_EQ(Create("/a/c", "123"), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=3,bytes=9");
  ASSERT_EQ(Set("/a/c", "1"), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=3,bytes=7");
  ASSERT_EQ(tree::Delete({"/a/b"}, Context(), tree_).error, ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=2,bytes=5");
  Remove("/a/c", kZxid, tree_);  // as at the end of a session
  EXPECT_EQ(Usage("/a"), "count=1,bytes=4");
  ASSERT_EQ(Create("/c", "outside"), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=1,bytes=4");
}

TEST_F(QuotaTest, NobodyIsToldOfTheStatistics) {
  PutQuota("/a", "", "count=2,bytes=6");
  const model::Stat before = Find("/zookeeper/quota/a/zookeeper_stats")->ToStat();
  ASSERT_EQ(Set("/a", "12345"), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=2,bytes=7");
  EXPECT_EQ(Find("/zookeeper/quota/a/zookeeper_stats")->ToStat(), before);
  ASSERT_EQ(tree_.changes().size(), 1u);
  EXPECT_EQ(tree_.changes()[0].path, "/a");
}

TEST_F(QuotaTest, OnlyTheDeepestOneCounts) {
  PutQuota("/a", "", "count=2,bytes=6");
  PutQuota("/a/b", "", "count=1,bytes=2");
  ASSERT_EQ(Create("/a/b/c", "123"), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a/b"), "count=2,bytes=5");
  EXPECT_EQ(Usage("/a"), "count=2,bytes=6");
}

TEST_F(QuotaTest, WithoutLimitsThereIsNone) {
  PutQuota("/a", "", "count=2,bytes=6");
  ASSERT_EQ(tree::Delete({"/zookeeper/quota/a/zookeeper_limits"}, Context(), tree_).error,
            ErrorCode::kOk);
  ASSERT_EQ(Create("/a/c", "123"), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=2,bytes=6");
}

// ZooKeeper counts once; limits of the root end its process.
TEST_F(QuotaTest, OfTheRootTheStatisticsAreCountedOnceAndLimitsMeanNothing) {
  Put("/zookeeper/quota/zookeeper_limits").data = "count=-1,bytes=-1=;countHardLimit=1";
  ASSERT_EQ(Create("/zookeeper/quota/zookeeper_stats", "mine"), ErrorCode::kOk);
  EXPECT_EQ(Usage(""), "count=7,bytes=51");
  who_.enforce_quota = true;
  ASSERT_EQ(Create("/a/c", "123"), ErrorCode::kOk);
  EXPECT_EQ(Usage(""), "count=7,bytes=51");
}

TEST_F(QuotaTest, AHardLimitRefusesOnlyWhereItIsEnforced) {
  PutQuota("/a", "count=1,bytes=1=;byteHardLimit=8;countHardLimit=3", "count=2,bytes=6");
  who_.enforce_quota = true;
  EXPECT_EQ(Create("/a/c", "123"), ErrorCode::kQuotaExceeded);
  EXPECT_EQ(Set("/a/b", "12345"), ErrorCode::kQuotaExceeded);
  EXPECT_EQ(Create("/a/c", "12"), ErrorCode::kOk);
  EXPECT_EQ(Create("/a/d", ""), ErrorCode::kQuotaExceeded);
  EXPECT_EQ(Set("/a/b", "2"), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=3,bytes=7");
  who_.enforce_quota = false;
  EXPECT_EQ(Create("/a/d", "123456"), ErrorCode::kOk);
  EXPECT_EQ(Usage("/a"), "count=4,bytes=13");
}

TEST_F(QuotaTest, ASoftLimitRefusesNothing) {
  PutQuota("/a", "count=1,bytes=1", "count=2,bytes=6");
  who_.enforce_quota = true;
  EXPECT_EQ(Create("/a/c", "123"), ErrorCode::kOk);
}

// The order of ZooKeeper's checks.
TEST_F(QuotaTest, IsAskedBeforeTheVersionAndAfterWhatACreateNeeds) {
  PutQuota("/a", "count=-1,bytes=-1=;byteHardLimit=6;countHardLimit=2", "count=2,bytes=6");
  who_.enforce_quota = true;
  EXPECT_EQ(tree::SetData({"/a", "12345", 7}, Context(), tree_).error, ErrorCode::kQuotaExceeded);
  EXPECT_EQ(Create("/a/b", "1"), ErrorCode::kNodeExists);
  base_.nodes.at("/a").ephemeral_owner = 4;
  EXPECT_EQ(Create("/a/c", "1"), ErrorCode::kNoChildrenForEphemerals);
}

TEST_F(QuotaTest, NotesWhatIsNotInMemory) {
  PutQuota("/a", "", "count=2,bytes=6");
  base_.unknown = {"/zookeeper/quota"};
  Create("/a/c", "");
  EXPECT_THAT(tree_.missing().nodes, ElementsAre("/zookeeper/quota"));
}

TEST_F(QuotaTest, CountingNotesNodesAndListsThatAreNotInMemory) {
  Put("/zookeeper/quota/a");
  Put("/a/c");
  Put("/a/c/d");
  base_.unknown = {"/a/b"};
  base_.unknown_lists = {"/a/c"};
  Create("/zookeeper/quota/a/zookeeper_stats", "");
  EXPECT_THAT(tree_.missing().nodes, ElementsAre("/a/b"));
  EXPECT_THAT(tree_.missing().child_lists, ElementsAre("/a/c"));
}

TEST_F(QuotaTest, RefusesToCountMoreThanFitsTheBound) {
  for (int i = 0; i < 5; ++i) Put(absl::StrCat("/a/n", i));
  base_.unknown = {"/a/n0", "/a/n1"};
  EXPECT_FALSE(tree_.UsageBelow("/a", 6).has_value());
  // It is as certain with nodes that are out of memory, and asks for none of them.
  EXPECT_FALSE(tree_.missed());
  base_.unknown.clear();
  ASSERT_TRUE(tree_.UsageBelow("/a", 7).has_value());
  EXPECT_EQ(tree_.UsageBelow("/a", 7)->nodes, 7);
}

TEST_F(QuotaTest, TouchesWhatItWillLookAt) {
  PutQuota("/a", "", "count=2,bytes=6");
  store::LoadSet set;
  TouchQuota("/a/b/c", base_, &set);
  EXPECT_THAT(set.nodes, ElementsAre("/zookeeper/quota", "/zookeeper/quota/a",
                                     "/zookeeper/quota/a/zookeeper_limits",
                                     "/zookeeper/quota/a/zookeeper_stats", "/zookeeper/quota/a/b"));
  base_.unknown = {"/zookeeper/quota"};
  set = {};
  TouchQuota("/a/b/c", base_, &set);
  EXPECT_THAT(set.nodes, ElementsAre("/zookeeper/quota"));
}

}  // namespace
}  // namespace rookery::tree
