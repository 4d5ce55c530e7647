#include "coordinator/proposal/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/base/limits.h"

namespace rookery::proposal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    outbox_.OnApplyingTerm(5);
    outbox_.OnLeader(2, 5, now_us_);
    outbox_.Begin(3);
  }
  void Add(std::initializer_list<const char*> requests) {
    for (const char* request : requests) outbox_.Add(request);
  }
  std::vector<std::string> Next() {
    run_ = outbox_.Next(1000, 100, now_us_);
    return {run_.requests.begin(), run_.requests.end()};
  }
  void Cursor(uint64_t last_ticket, bool go_back = false) {
    outbox_.OnCursor({.term = 5,
                      .incarnation = 3,
                      .attempt = run_.attempt,
                      .last_ticket = last_ticket,
                      .go_back = go_back},
                     now_us_);
  }

  int64_t now_us_ = 1'000'000;
  Outbox outbox_{OutboxOptions()};
  Outbox::Run run_;
};

TEST_F(OutboxTest, SendsEachTicketOnce) {
  Add({"a", "b"});
  EXPECT_THAT(Next(), ElementsAre("a", "b"));
  EXPECT_EQ(run_.first_ticket, 1u);
  EXPECT_THAT(Next(), IsEmpty());
  Add({"c"});
  EXPECT_THAT(Next(), ElementsAre("c"));
  EXPECT_EQ(run_.first_ticket, 3u);
}

TEST_F(OutboxTest, WaitsForTheFirstEntryOfTheNewLeader) {
  Add({"a"});
  EXPECT_THAT(Next(), ElementsAre("a"));
  outbox_.OnLeader(3, 6, now_us_);
  EXPECT_THAT(Next(), IsEmpty()) << "it may be in the log that the new leader has";
  outbox_.OnApplyingTerm(6);
  EXPECT_THAT(Next(), ElementsAre("a"));
}

TEST_F(OutboxTest, ANewLeaderGetsWhatTheOldOneTook) {
  Add({"a", "b", "c"});
  Next();
  Cursor(3);
  outbox_.OnApplied(1, now_us_);
  outbox_.OnLeader(3, 6, now_us_);
  outbox_.OnApplyingTerm(6);
  EXPECT_THAT(Next(), ElementsAre("b", "c"));
  EXPECT_EQ(run_.first_ticket, 2u);
}

TEST_F(OutboxTest, GoesBackToTheCursorOnARefusal) {
  Add({"a", "b", "c"});
  Next();
  Cursor(1, true);
  EXPECT_THAT(Next(), IsEmpty()) << "the leader is not asked in a circle";
  now_us_ += 10'000;
  EXPECT_THAT(Next(), ElementsAre("b", "c"));
}

TEST_F(OutboxTest, RefusalsOfAnEarlierAttemptDoNotCount) {
  Add({"a", "b"});
  Next();
  const uint64_t old_attempt = run_.attempt;
  Cursor(0, true);
  now_us_ += 10'000;
  EXPECT_THAT(Next(), ElementsAre("a", "b"));
  outbox_.OnCursor({.term = 5, .incarnation = 3, .attempt = old_attempt, .go_back = true}, now_us_);
  now_us_ += 10'000;
  EXPECT_THAT(Next(), IsEmpty());
}

TEST_F(OutboxTest, CursorsOfAnotherTermOrIncarnationDoNotCount) {
  Add({"a", "b"});
  Next();
  outbox_.OnCursor({.term = 4, .incarnation = 3, .attempt = run_.attempt, .last_ticket = 2},
                   now_us_);
  outbox_.OnCursor({.term = 5, .incarnation = 2, .attempt = run_.attempt, .last_ticket = 2},
                   now_us_);
  outbox_.OnConnection(now_us_);
  EXPECT_THAT(Next(), ElementsAre("a", "b"));
}

TEST_F(OutboxTest, ANewConnectionResendsWhatTheLeaderHasNotSaidToHave) {
  Add({"a", "b", "c"});
  Next();
  Cursor(2);
  outbox_.OnConnection(now_us_);
  EXPECT_THAT(Next(), ElementsAre("c"));
}

TEST_F(OutboxTest, ResendsWithoutProgress) {
  Add({"a"});
  Next();
  now_us_ += 900'000;
  outbox_.Tick(now_us_);
  EXPECT_THAT(Next(), IsEmpty());
  now_us_ += 200'000;
  outbox_.Tick(now_us_);
  EXPECT_THAT(Next(), ElementsAre("a"));
}

TEST_F(OutboxTest, AnEarlierAttemptThatGotFurtherIsNotRepeated) {
  Add({"a", "b", "c"});
  Next();
  outbox_.OnConnection(now_us_);
  Cursor(3);
  EXPECT_THAT(Next(), IsEmpty());
}

TEST_F(OutboxTest, KeepsNoMoreInFlightThanTheWindow) {
  const std::string large(limits::kForwardWindowBytes / 4, 'x');
  for (int i = 0; i < 6; ++i) outbox_.Add(large);
  size_t sent = 0;
  while (!Next().empty()) sent += run_.requests.size();
  EXPECT_EQ(sent, 4u);
  Cursor(2);
  while (!Next().empty()) sent += run_.requests.size();
  EXPECT_EQ(sent, 6u);
}

TEST_F(OutboxTest, ARequestLargerThanAMessageGoesAlone) {
  outbox_.Add("small");
  outbox_.Add(std::string(5000, 'x'));
  EXPECT_THAT(Next(), ElementsAre("small"));
  EXPECT_EQ(Next().size(), 1u);
}

TEST_F(OutboxTest, WhatWasNotHandedOverIsSentLater) {
  Add({"a", "b"});
  Next();
  outbox_.Unsend(run_, now_us_ + 100);
  EXPECT_THAT(Next(), IsEmpty());
  EXPECT_NE(outbox_.retry_at_us(), 0);
  now_us_ = outbox_.retry_at_us();
  EXPECT_THAT(Next(), ElementsAre("a", "b"));
}

TEST_F(OutboxTest, ANewIncarnationForgetsEverything) {
  Add({"a", "b"});
  Next();
  outbox_.Begin(4);
  EXPECT_EQ(outbox_.size(), 0u);
  EXPECT_EQ(outbox_.Add("c"), 1u);
  EXPECT_THAT(Next(), ElementsAre("c"));
}

}  // namespace
}  // namespace rookery::proposal
