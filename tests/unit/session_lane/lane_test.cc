#include "coordinator/session/lane/lane.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::session {
namespace {

class LaneTest : public testing::Test {
 protected:
  uint64_t Write(uint64_t tag) {
    return lane_.Push({.tag = tag, .bytes = 10, .operation = model::WriteOperation()}, false);
  }
  uint64_t Read(uint64_t tag) {
    return lane_.Push({.tag = tag, .bytes = 1, .operation = model::ReadOperation()}, false);
  }
  uint64_t Sync(uint64_t tag) {
    return lane_.Push({.tag = tag, .bytes = 1, .operation = model::ReadOperation()}, true);
  }
  // Tags of the writes that may be handed over now.
  std::vector<uint64_t> HandOver() {
    std::vector<uint64_t> tags;
    while (LaneRequest* write = lane_.NextWrite()) tags.push_back(write->tag);
    return tags;
  }
  uint64_t Ready() {
    LaneRequest* read = lane_.ReadyRead();
    return read == nullptr ? 0 : read->tag;
  }
  uint64_t InTurn() {
    LaneRequest* write = lane_.WriteInTurn();
    return write == nullptr ? 0 : write->tag;
  }

  Lane lane_;
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(LaneTest, WritesAreHandedOverWithoutWaitingForEachOther) {
  Write(1);
  Write(2);
  EXPECT_THAT(HandOver(), ElementsAre(1, 2));
  EXPECT_EQ(InTurn(), 1u);
  lane_.PopFront();
  EXPECT_EQ(InTurn(), 2u);
}

TEST_F(LaneTest, AWriteOvertakesAReadThatWaitsForAnEarlierWriteOnly) {
  Write(1);
  Read(2);
  Write(3);
  EXPECT_EQ(Ready(), 0u);
  EXPECT_THAT(HandOver(), ElementsAre(1, 3));
  lane_.PopFront();
  EXPECT_EQ(Ready(), 2u);
  EXPECT_EQ(InTurn(), 0u);
  lane_.PopFront();
  EXPECT_EQ(InTurn(), 3u);
}

TEST_F(LaneTest, AWriteWaitsForAReadAtTheHead) {
  Read(1);
  Write(2);
  EXPECT_THAT(HandOver(), IsEmpty());
  EXPECT_EQ(Ready(), 1u);
  lane_.PopFront();
  EXPECT_THAT(HandOver(), ElementsAre(2));
}

TEST_F(LaneTest, AWriteThatComesWhileAReadIsInItsTurnWaitsForIt) {
  Write(1);
  Read(2);
  EXPECT_THAT(HandOver(), ElementsAre(1));
  lane_.PopFront();
  EXPECT_EQ(Ready(), 2u);  // it waits for its nodes now, not for a write
  Write(3);
  EXPECT_THAT(HandOver(), IsEmpty());
  lane_.PopFront();
  EXPECT_THAT(HandOver(), ElementsAre(3));
}

TEST_F(LaneTest, NothingBehindASyncGoesOnBeforeItIsReleased) {
  const uint64_t sync = Sync(1);
  Read(2);
  Write(3);
  EXPECT_EQ(Ready(), 0u);
  EXPECT_THAT(HandOver(), IsEmpty());
  EXPECT_TRUE(lane_.Release(sync));
  EXPECT_EQ(Ready(), 1u);
  EXPECT_THAT(HandOver(), IsEmpty());
  lane_.PopFront();
  EXPECT_EQ(Ready(), 2u);
  lane_.PopFront();
  EXPECT_THAT(HandOver(), ElementsAre(3));
}

TEST_F(LaneTest, ASyncBetweenWritesHoldsTheLaterOne) {
  Write(1);
  const uint64_t sync = Sync(2);
  Write(3);
  EXPECT_THAT(HandOver(), ElementsAre(1));
  EXPECT_TRUE(lane_.Release(sync));
  EXPECT_THAT(HandOver(), ElementsAre(3)) << "now it waits for the own write only";
  lane_.PopFront();
  EXPECT_EQ(Ready(), 2u);
}

TEST_F(LaneTest, ASyncThatIsAnsweredCannotBeReleased) {
  const uint64_t sync = Sync(1);
  EXPECT_TRUE(lane_.Release(sync));
  lane_.PopFront();
  EXPECT_FALSE(lane_.Release(sync));
  EXPECT_FALSE(lane_.Release(sync + 1));
}

TEST_F(LaneTest, CountsWhatIsUnanswered) {
  Write(1);
  Read(2);
  EXPECT_EQ(lane_.bytes(), 11u);
  EXPECT_EQ(lane_.size(), 2u);
  HandOver();
  lane_.PopFront();
  lane_.PopFront();
  EXPECT_EQ(lane_.bytes(), 0u);
  EXPECT_TRUE(lane_.empty());
}

}  // namespace
}  // namespace rookery::session
