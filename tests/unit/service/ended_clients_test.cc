#include "coordinator/service/ended_clients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::service {
namespace {

using proposal::Report;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class EndedClientsTest : public testing::Test {
 protected:
  EndedClientsTest() { Pass(100); }
  void Pass(int64_t ms) {
    for (int64_t i = 0; i < ms; i += 25) ended_.Tick(now_us_ += 25'000);
  }
  // Session ids count up from 1.
  void End(int sessions, size_t connections) {
    for (int i = 0; i < sessions; ++i) ended_.OnEnded(++last_, 1, true, connections - i);
  }

  EndedClients ended_{{.grace_us = 2'500'000}};
  int64_t now_us_ = 1'000'000;
  model::SessionId last_ = 0;
};

TEST_F(EndedClientsTest, TellsAnEndInEveryReportUntilTheSessionMovesOn) {
  ended_.OnEnded(7, 3, true, 5);
  Pass(100);
  EXPECT_THAT(ended_.Ended(), ElementsAre(Report::Sign{7, 3, 100}));
  Pass(10'000);
  EXPECT_THAT(ended_.Ended(), ElementsAre(Report::Sign{7, 3, 10'100}));
  ended_.OnMovedOn(7);
  EXPECT_THAT(ended_.Ended(), IsEmpty());
}

TEST_F(EndedClientsTest, NotesNothingWithoutAGrace) {
  EndedClients off({});
  off.OnEnded(7, 3, true, 5);
  off.OnAttempted(8, 3, 1000);
  EXPECT_THAT(off.Ended(), IsEmpty());
  EXPECT_THAT(off.Attempted(), IsEmpty());
}

TEST_F(EndedClientsTest, AClientThatWasToldNothingLatelyMayHaveGivenThisServerUp) {
  ended_.OnEnded(7, 3, false, 5);
  EXPECT_THAT(ended_.Ended(), IsEmpty());
}

TEST_F(EndedClientsTest, AnAttemptHereTakesTheEndBackAndIsToldForTheTimeout) {
  ended_.OnEnded(7, 3, true, 5);
  ended_.OnAttempted(7, 3, 1000);
  EXPECT_THAT(ended_.Ended(), IsEmpty());
  Pass(500);
  EXPECT_THAT(ended_.Attempted(), ElementsAre(Report::Sign{7, 3, 500}));
  Pass(500);
  EXPECT_THAT(ended_.Attempted(), IsEmpty());
}

TEST_F(EndedClientsTest, AnAttemptThatSucceededNeedsNoTelling) {
  ended_.OnAttempted(7, 3, 1000);
  ended_.OnCameBack(7);
  EXPECT_THAT(ended_.Attempted(), IsEmpty());
}

TEST_F(EndedClientsTest, HalfOfTenConnectionsMayEndAtOnce) {
  End(5, 10);
  EXPECT_THAT(ended_.Ended(), SizeIs(5));
}

TEST_F(EndedClientsTest, OfMoreThanHalfOfTenNoneCounts) {
  End(6, 10);
  EXPECT_THAT(ended_.Ended(), IsEmpty());
  ended_.OnEnded(++last_, 1, true, 4);
  EXPECT_THAT(ended_.Ended(), IsEmpty());
}

TEST_F(EndedClientsTest, FewerThanTenConnectionsTellNothingOfEachOther) {
  End(9, 9);
  EXPECT_THAT(ended_.Ended(), SizeIs(9));
}

TEST_F(EndedClientsTest, WhatEndedBeforeTheProxyStillCounts) {
  End(1, 21);
  Pass(2500);
  End(20, 20);
  EXPECT_THAT(ended_.Ended(), ElementsAre(Report::Sign{1, 1, 2500}));
}

TEST_F(EndedClientsTest, ConnectionsThatEndOneByOneWithinOneGraceAreMany) {
  for (int i = 0; i < 11; ++i) {
    ended_.OnEnded(++last_, 1, true, 20);  // each comes back at once
    Pass(200);
  }
  EXPECT_THAT(ended_.Ended(), IsEmpty());
}

TEST_F(EndedClientsTest, ConnectionsThatEndOneByOneOverLongerTimeAreNot) {
  for (int i = 0; i < 20; ++i) {
    ended_.OnEnded(++last_, 1, true, 20);
    Pass(300);
  }
  EXPECT_THAT(ended_.Ended(), SizeIs(20));
}

TEST_F(EndedClientsTest, TheNextEndAfterManyCountsAgain) {
  End(20, 20);
  Pass(2500);
  ended_.OnEnded(99, 1, true, 20);
  EXPECT_THAT(ended_.Ended(), ElementsAre(Report::Sign{99, 1, 0}));
}

TEST_F(EndedClientsTest, APauseOfThisServerDoesNotAge) {
  ended_.OnEnded(7, 3, true, 5);
  ended_.Tick(now_us_ += 60'000'000);
  EXPECT_THAT(ended_.Ended(), ElementsAre(Report::Sign{7, 3, 200}));
}

}  // namespace
}  // namespace rookery::service
