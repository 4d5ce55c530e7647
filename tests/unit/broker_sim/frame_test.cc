#include "broker-sim/screen/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rookery::broker_sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

PartitionView Led(kafka::Replicas replicas, int32_t leader, kafka::Replicas isr) {
  PartitionView view;
  view.replicas = std::move(replicas);
  view.state = kafka::PartitionState{.leader = leader, .isr = std::move(isr)};
  return view;
}

// Three brokers, one of them killed; it led one partition, and the controller has not moved it yet.
Picture AfterAKill() {
  Picture picture;
  picture.title = "rack loss over grpc";
  picture.elapsed_us = 12'340'000;
  picture.view.controller = 1;
  picture.view.controller_epoch = 2;
  picture.view.brokers = {{1, 11}, {2, 12}};
  picture.view.topics["orders"][0] = Led({1, 2}, 1, {1, 2});
  picture.view.topics["orders"][1] = Led({2, 3}, 2, {2});
  picture.view.topics["orders"][2] = Led({3, 1}, 3, {3, 1});
  picture.states = {{1, BrokerState::kUp}, {2, BrokerState::kPaused}, {3, BrokerState::kDown}};
  picture.racks = {{1, "a"}, {2, "b"}, {3, "c"}};
  picture.throttled_ms = {{1, 250}};
  picture.servers = {ServerState::kLeader, ServerState::kDown, ServerState::kCut};
  picture.clients = {{.name = "shop", .producer = true, .records = 1200, .per_s = 99.6},
                     {.name = "billing", .records = 1100, .per_s = 98, .throttled_ms = 30}};
  picture.events = {"first", "second", "third"};
  picture.hint = "Ctrl-C ends";
  return picture;
}

std::vector<std::string> Texts(const std::vector<ScreenLine>& lines) {
  std::vector<std::string> texts;
  for (const ScreenLine& line : lines) texts.push_back(line.text);
  return texts;
}

TEST(FrameTest, ShowsBrokersClientsPartitionsAndEvents) {
  EXPECT_THAT(
      Texts(DrawFrame(AfterAKill(), 100, 22)),
      ElementsAre(
          "rack loss over grpc   12.3 s",
          "controller 1, epoch 2   2 brokers registered   3 partitions: 1 without a leader, 1 not "
          "in sync",
          "rookeryd: 1 leads, 2 down, 3 cut off",
          "broker            state    rack       leads   follows   behind   throttled",
          "     1 controller up       a              1         1        0      250 ms",
          "     2            paused   b              1         1        0            ",
          "     3            down     c              1         1        1            ",
          "client                       records    in all",
          "shop             producer        100/s        1200",
          "billing          consumer         98/s        1100   throttled 30 ms", "partitions",
          "orders-2                 leader 3     in sync 3,1            of 3,1",
          "orders-1                 leader 2     in sync 2              of 2,3",
          "orders-0                 leader 1     in sync 1,2            of 1,2", "events", "first",
          "second", "third", "", "", "", "Ctrl-C ends"));
}

TEST(FrameTest, ColoursWhatIsNotWell) {
  const std::vector<ScreenLine> frame = DrawFrame(AfterAKill(), 100, 22);
  EXPECT_EQ(frame[1].style, Style::kBad);       // a partition has no leader that lives
  EXPECT_EQ(frame[4].style, Style::kGood);      // broker 1
  EXPECT_EQ(frame[5].style, Style::kWarning);   // broker 2 is paused
  EXPECT_EQ(frame[6].style, Style::kBad);       // broker 3 is down
  EXPECT_EQ(frame[11].style, Style::kBad);      // led by a broker that is gone
  EXPECT_EQ(frame[12].style, Style::kWarning);  // not in sync
  EXPECT_EQ(frame[13].style, Style::kPlain);
}

TEST(FrameTest, CountsWhatDoesNotFitAndKeepsTheNewestEvents) {
  Picture picture = AfterAKill();
  for (int32_t id = 4; id < 100; ++id) picture.states[id] = BrokerState::kUp;
  for (int i = 0; i < 100; ++i) picture.events.push_back(absl::StrCat("event ", i));
  for (int rows = 1; rows < 60; ++rows) {
    const std::vector<ScreenLine> frame = DrawFrame(picture, 40, rows);
    ASSERT_EQ(frame.size(), static_cast<size_t>(rows));
    for (const ScreenLine& line : frame) EXPECT_LE(line.text.size(), 40u);
    EXPECT_EQ(frame.back().text, "Ctrl-C ends");
    const std::string all = absl::StrJoin(Texts(frame), "\n");
    if (rows < 20) continue;
    EXPECT_THAT(all, HasSubstr("more brokers"));
    EXPECT_THAT(all, HasSubstr("event 99"));
    EXPECT_THAT(all, Not(HasSubstr("event 0\n")));
  }
}

TEST(FrameTest, PutsEachLineInPlaceAndLeavesTheCursor) {
  EXPECT_EQ(Encode({{"a", Style::kBad}, {"", Style::kPlain}}),
            "\x1b"
            "7\x1b[1;1H\x1b[31ma\x1b[0m\x1b[K\x1b[2;1H\x1b[0m\x1b[0m\x1b[K\x1b"
            "8");
}

TEST(SpeedsTest, MeasureTheLastSecondOrTwo) {
  Speeds speeds;
  EXPECT_EQ(speeds.Of("shop", 500, 0), 0);
  EXPECT_EQ(speeds.Of("shop", 600, 1'000'000), 100);
  EXPECT_EQ(speeds.Of("shop", 800, 2'000'000), 200);  // the first value is too old
  EXPECT_EQ(speeds.Of("billing", 7, 2'000'000), 0);
}

}  // namespace
}  // namespace rookery::broker_sim
