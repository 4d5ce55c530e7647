#include "coordinator/client/recipes/contention/line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::client::recipes {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

const std::vector<std::string> kLock = {"lock-"};

TEST(LineTest, ReadsTheSequenceBehindAWord) {
  EXPECT_THAT(SequenceOf("_c_7f-lock-0000000042", kLock), Optional(42));
  EXPECT_THAT(SequenceOf("a__lock__-2147483648", {"__lock__"}), Optional(-2147483648));
  EXPECT_THAT(SequenceOf("a__rlock__0000000001", {"__lock__", "__rlock__"}), Optional(1));
}

TEST(LineTest, KnowsWhatIsNoContender) {
  for (const char* const name : {"", "lock-", "lock-42", "lock-00000000042", "lock-000000004x",
                                 "latch-0000000042", "lock-0000000042-"}) {
    EXPECT_EQ(SequenceOf(name, kLock), std::nullopt) << name;
  }
  EXPECT_EQ(SequenceOf("a__rlock__0000000001", {"__lock__"}), std::nullopt);
}

TEST(LineTest, WaitsForTheNearestBefore) {
  const Line line{NameStyle::kCurator, "lock-", {"lock-"}};
  const std::vector<std::string> children = {"z-lock-0000000003", "a-lock-0000000009", "config",
                                             "m-lock-0000000007", "b-lock-0000000011"};
  EXPECT_THAT(NodeBefore(line, "a-lock-0000000009", children),
              Optional(std::string("m-lock-0000000007")));
  EXPECT_THAT(NodeBefore(line, "z-lock-0000000003", children), Optional(std::string()));
  // A node that somebody deleted.
  EXPECT_EQ(NodeBefore(line, "c-lock-0000000008", children), std::nullopt);
  EXPECT_THAT(InOrder(kLock, children), ElementsAre("z-lock-0000000003", "m-lock-0000000007",
                                                    "a-lock-0000000009", "b-lock-0000000011"));
}

TEST(LineTest, AReaderPassesReadersAndNoWriter) {
  const std::vector<std::string> children = {"a__READ__0000000001", "b__WRIT__0000000002",
                                             "c__READ__0000000003", "d__READ__0000000004"};
  const Line reads{NameStyle::kCurator, "__READ__", {"__WRIT__"}};
  EXPECT_THAT(NodeBefore(reads, "a__READ__0000000001", children), Optional(std::string()));
  EXPECT_THAT(NodeBefore(reads, "d__READ__0000000004", children),
              Optional(std::string("b__WRIT__0000000002")));
  const Line writes{NameStyle::kCurator, "__WRIT__", {"__READ__", "__WRIT__"}};
  EXPECT_THAT(NodeBefore(writes, "b__WRIT__0000000002", children),
              Optional(std::string("a__READ__0000000001")));
}

}  // namespace
}  // namespace rookery::client::recipes
