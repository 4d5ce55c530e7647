#include "coordinator/model/operations.h"

#include <gtest/gtest.h>

#include <set>

#include "coordinator/model/error_code.h"
#include "coordinator/model/ids.h"

namespace rookery::model {
namespace {

TEST(OperationsTest, KnowsWhatClientsMaySend) {
  EXPECT_EQ(FindOperation(1)->name, "Create");
  EXPECT_EQ(FindOperation(-11)->code, OpCode::kCloseSession);
  EXPECT_EQ(FindOperation(5)->kind, OperationKind::kWrite);
  EXPECT_EQ(FindOperation(4)->kind, OperationKind::kRead);
  EXPECT_EQ(FindOperation(11)->kind, OperationKind::kSession);
  // Internal ones and gaps in the numbers are unknown.
  for (const int32_t code : {0, 10, -10, -1, 23, 108, 999}) {
    EXPECT_FALSE(FindOperation(code).has_value()) << code;
  }
}

TEST(OperationsTest, SaysWhichAreNotBuilt) {
  for (const int32_t code : {16, 21, 22, 104}) {
    ASSERT_TRUE(FindOperation(code).has_value()) << code;
    EXPECT_FALSE(FindOperation(code)->built) << code;
  }
}

TEST(ErrorCodeTest, NamesEveryCodeOnce) {
  std::set<std::string> names;
  int known = 0;
  for (int32_t code = -200; code <= 0; ++code) {
    const std::string name(ErrorName(static_cast<ErrorCode>(code)));
    if (name == "Unknown") continue;
    ++known;
    names.insert(name);
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(known));
  EXPECT_EQ(ErrorName(ErrorCode::kNoNode), "NoNode");
  EXPECT_EQ(ErrorName(static_cast<ErrorCode>(-77)), "Unknown");
}

TEST(IdsTest, PrintsHexAsZooKeeperDoes) {
  EXPECT_EQ(ToHex(0x100000005), "0x100000005");
  EXPECT_EQ(ToHex(-1), "0xffffffffffffffff");
  EXPECT_EQ(ToHex(0), "0x0");
}

}  // namespace
}  // namespace rookery::model
