#include "coordinator/frontend/metadata/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/kafka/broker.h"
#include "tests/unit/frontend_metadata/world.h"

namespace rookery::frontend {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Line(model::Zxid zxid, absl::string_view events) {
  return absl::StrCat(zxid & 0xffffffff, " ", events);
}
std::string ViewLine(v1::ViewReason reason) { return absl::StrCat("view ", reason); }

TEST(FeedTest, BeginsWithAViewAndGoesOnWithEvents) {
  MetadataWorld world(1);
  world.MakeTopic("old");
  const auto watch = world.Open(1, {});
  world.Rest();
  EXPECT_THAT(watch->told, ElementsAre(ViewLine(v1::VIEW_REASON_ASKED), "complete"));
  ASSERT_EQ(watch->topics.size(), 1u);
  EXPECT_EQ(watch->topics[0].name(), "old");
  const model::Zxid view_zxid = watch->zxid;
  const model::Zxid first = world.MakeTopic("new");
  world.Make("/elsewhere", "x");
  const model::Zxid second = world.Set("/controller_epoch", "x");  // no such node: refused
  const model::Zxid third = world.Make("/controller", kafka::EncodeController({.broker = 1}));
  world.Rest();
  EXPECT_GT(first, view_zxid);
  EXPECT_LT(second, third);
  EXPECT_THAT(watch->told,
              ElementsAre(ViewLine(v1::VIEW_REASON_ASKED), "complete", Line(first, "topic_created"),
                          Line(third, "controller_changed")));
  EXPECT_EQ(watch->zxid, third);
}

// What changes while the view is read is told after it, and not lost.
TEST(FeedTest, NothingIsLostBetweenTheViewAndItsEvents) {
  MetadataWorld world(1);
  world.world.core.background_delay_us = 100'000;
  const auto watch = world.Open(1, {});
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i) {
    names.push_back(absl::StrCat("t", i));
    world.MakeTopic(names.back());
    world.world.core.RunFor(20'000);
  }
  world.world.core.RunFor(5'000'000);
  std::set<std::string> seen;
  for (const v1::Topic& topic : watch->topics) EXPECT_TRUE(seen.insert(topic.name()).second);
  const size_t in_view = seen.size();
  for (const v1::MetadataChange& change : watch->changes) {
    for (const v1::MetadataEvent& event : change.events()) {
      EXPECT_TRUE(seen.insert(event.topic_created().topic().name()).second);
    }
  }
  EXPECT_EQ(seen.size(), names.size());
  EXPECT_LT(in_view, names.size()) << "the view should have been under way";
}

TEST(FeedTest, GoesOnAtAnotherServerWithoutAGap) {
  MetadataWorld world(3);
  const auto first = world.Open(2, {.events_only = true});
  world.Rest();
  const model::Zxid one = world.MakeTopic("one");
  world.Rest();
  first.feed->Stop();
  const model::Zxid two = world.MakeTopic("two");
  const model::Zxid three = world.MakeTopic("three");
  const auto second = world.Open(3, {.after_zxid = first->zxid});
  world.Rest();
  EXPECT_THAT(first->told,
              ElementsAre(ViewLine(v1::VIEW_REASON_ASKED), "complete", Line(one, "topic_created")));
  EXPECT_THAT(second->told, ElementsAre(Line(two, "topic_created"), Line(three, "topic_created")));
}

TEST(FeedTest, WhatIsNotKeptIsSaidAndAViewTakesItsPlace) {
  MetadataWorld world(1, /*journal_bytes=*/2000);
  const model::Zxid first = world.MakeTopic("t0");
  for (int i = 1; i < 20; ++i) world.MakeTopic(absl::StrCat("t", i));
  ASSERT_FALSE(world.journals[1]->Keeps(first));
  const auto watch = world.Open(1, {.after_zxid = first});
  world.Rest();
  EXPECT_THAT(watch->told, ElementsAre(ViewLine(v1::VIEW_REASON_NOT_KEPT), "complete"));
  EXPECT_EQ(watch->topics.size(), 20u);
  const model::Zxid next = world.MakeTopic("next");
  world.Rest();
  EXPECT_EQ(watch->told.back(), Line(next, "topic_created"));
}

TEST(FeedTest, ASlowReaderBeginsAnewAndHoldsNothing) {
  MetadataWorld world(1, /*journal_bytes=*/20'000);
  const auto watch = world.Open(1, {.events_only = true});
  world.Rest();
  watch->holds_back = true;
  watch->queued = 2u << 20;  // its queue is full
  for (int i = 0; i < 200; ++i) world.MakeTopic(absl::StrCat("t", i));
  world.Rest();
  EXPECT_THAT(watch->told, ElementsAre(ViewLine(v1::VIEW_REASON_ASKED), "complete"));
  EXPECT_LE(world.journals[1]->bytes(), 20'000u);
  watch->holds_back = false;
  watch->queued = 0;
  watch.feed->Resume();
  world.Rest();
  const model::Zxid next = world.MakeTopic("next");
  world.Rest();
  EXPECT_THAT(watch->told, ElementsAre(ViewLine(v1::VIEW_REASON_ASKED), "complete",
                                       ViewLine(v1::VIEW_REASON_TOO_SLOW), "complete",
                                       Line(next, "topic_created")));
}

TEST(FeedTest, AReaderWhoIsBehindALittleMissesNothing) {
  MetadataWorld world(1);
  const auto watch = world.Open(1, {.events_only = true});
  world.Rest();
  watch->queued = 2u << 20;
  for (int i = 0; i < 200; ++i) world.MakeTopic(absl::StrCat("t", i));
  watch->queued = 0;
  watch.feed->Resume();
  world.Rest();
  EXPECT_EQ(watch->changes.size(), 200u);
}

TEST(FeedTest, APlaceIsToldWhereNothingHappensThatIsWorthTelling) {
  MetadataWorld world(1);
  const auto watch = world.Open(1, {.events_only = true});
  world.Rest();
  const model::Zxid zxid = world.Make("/elsewhere", "x");
  ASSERT_TRUE(world.world.Run([&] { return watch->told.size() > 2; }));
  EXPECT_THAT(watch->told, ElementsAre(ViewLine(v1::VIEW_REASON_ASKED), "complete", "place"));
  EXPECT_GE(watch->zxid, zxid);
}

TEST(FeedTest, AZxidFromNowhereIsRefused) {
  MetadataWorld world(1);
  const auto future = world.Open(1, {.after_zxid = int64_t{1} << 60});
  const auto negative = world.Open(1, {.after_zxid = -1});
  world.Rest();
  ASSERT_TRUE(future->ended.has_value());
  EXPECT_TRUE(absl::IsOutOfRange(*future->ended)) << *future->ended;
  ASSERT_TRUE(negative->ended.has_value());
  EXPECT_TRUE(absl::IsInvalidArgument(*negative->ended)) << *negative->ended;
}

TEST(FeedTest, EndsWhenTheServerStopsServing) {
  MetadataWorld world(1);
  const auto watch = world.Open(1, {});
  world.Rest();
  bool stopped = false;
  world.world[1].service().Shutdown([&] { stopped = true; });
  ASSERT_TRUE(world.world.Run([&] { return stopped; }));
  ASSERT_TRUE(watch->ended.has_value());
  EXPECT_TRUE(absl::IsUnavailable(*watch->ended)) << *watch->ended;
}

TEST(FeedTest, AfterStopNothingIsSent) {
  MetadataWorld world(1);
  const auto watch = world.Open(1, {});
  watch.feed->Stop();
  world.MakeTopic("t");
  world.Rest();
  EXPECT_THAT(watch->told, IsEmpty());
  EXPECT_FALSE(watch->ended.has_value());
}

}  // namespace
}  // namespace rookery::frontend
