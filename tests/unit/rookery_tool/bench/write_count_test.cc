#include "tools/rookery/bench/write_count.h"

#include <gtest/gtest.h>

namespace rookery::tools::bench {
namespace {

TEST(WriteCountTest, AcknowledgedWritesRaiseTheVersionByOneEach) {
  WriteCount count(7);
  for (int64_t version = 8; version <= 10; ++version) {
    count.Sent();
    count.Acknowledged(version);
  }
  count.Sent();
  count.Refused();
  count.Ended(10);
  EXPECT_EQ(count.acknowledged(), 3u);
  EXPECT_EQ(count.missing(), 0u);
  EXPECT_EQ(count.doubled(), 0u);
}

TEST(WriteCountTest, ALostWriteMayBeThereOnceOrNot) {
  for (const int64_t applied : {0, 1}) {
    WriteCount count;
    count.Sent();
    count.Lost();
    count.Sent();
    count.Acknowledged(1 + applied);
    count.Sent();
    count.Ended(1 + applied);  // the last was under way
    EXPECT_EQ(count.missing() + count.doubled(), 0u) << applied;
  }
}

TEST(WriteCountTest, AWriteThatIsThereTwiceIsFoundAlsoBesideALostOne) {
  WriteCount count;
  count.Sent();
  count.Lost();
  count.Sent();
  count.Acknowledged(3);
  EXPECT_EQ(count.doubled(), 1u);
  count.Sent();
  count.Acknowledged(5);
  EXPECT_EQ(count.doubled(), 2u);
  count.Ended(6);
  EXPECT_EQ(count.doubled(), 3u);
  EXPECT_EQ(count.missing(), 0u);
}

TEST(WriteCountTest, AnAcknowledgedWriteThatIsGoneIsFoundAtTheNextAnswerAndAtTheEnd) {
  WriteCount count;
  for (int64_t version = 1; version <= 3; ++version) {
    count.Sent();
    count.Acknowledged(version);
  }
  count.Sent();
  count.Acknowledged(3);  // one of the three before is gone
  EXPECT_EQ(count.missing(), 1u);
  count.Ended(1);
  EXPECT_EQ(count.missing(), 3u);
  EXPECT_EQ(count.doubled(), 0u);
}

TEST(WriteCountTest, ALostWriteIsNotAppliedBehindALaterAcknowledgedOne) {
  WriteCount count;
  count.Sent();
  count.Lost();
  count.Sent();
  count.Acknowledged(1);
  count.Ended(2);
  EXPECT_EQ(count.doubled(), 1u);
}

}  // namespace
}  // namespace rookery::tools::bench
