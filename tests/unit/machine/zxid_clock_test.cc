#include "coordinator/machine/zxid_clock.h"

#include <gtest/gtest.h>

namespace rookery::machine {
namespace {

TEST(ZxidClockTest, CountsWithinAnEpoch) {
  ZxidClock clock;
  clock.OpenEpoch();
  EXPECT_EQ(clock.last(), 0x100000000);
  EXPECT_EQ(clock.Peek(), 0x100000001);
  EXPECT_EQ(clock.Take(), 0x100000001);
  EXPECT_EQ(clock.Take(), 0x100000002);
  clock.OpenEpoch();
  EXPECT_EQ(clock.Take(), 0x200000001);
}

TEST(ZxidClockTest, UsedUpCounterOpensTheNextEpoch) {
  ZxidClock clock;
  clock.Restore(0x1FFFFFFFE);
  EXPECT_EQ(clock.Take(), 0x1FFFFFFFF);
  EXPECT_EQ(clock.Peek(), 0x200000001);
  EXPECT_EQ(clock.Take(), 0x200000001);
  EXPECT_EQ(clock.epoch(), 2u);
  clock.OpenEpoch();
  EXPECT_EQ(clock.Take(), 0x300000001);
}

TEST(ZxidClockTest, RestoresHighEpochs) {
  ZxidClock clock;
  clock.Restore(static_cast<model::Zxid>(0x7FFFFFFF00000005));
  EXPECT_EQ(clock.epoch(), 0x7FFFFFFFu);
  EXPECT_EQ(clock.Take(), 0x7FFFFFFF00000006);
}

}  // namespace
}  // namespace rookery::machine
