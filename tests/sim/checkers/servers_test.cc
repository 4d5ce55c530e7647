// Checkers of what servers owe each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ServersTest : public ::testing::Test {
 protected:
  void Entry(uint32_t server, uint64_t index, uint64_t term, uint64_t hash = 7) {
    history_.log.push_back({.server = server,
                            .engine = server,
                            .order = ++order_,
                            .index = index,
                            .term = term,
                            .hash = hash});
  }
  void Replaced(uint32_t server, uint64_t index, uint64_t term) {
    Entry(server, index, term);
    history_.log.back().kind = LogStep::Kind::kReplaced;
  }
  void Founded() {
    for (uint32_t server = 1; server <= 3; ++server) Replaced(server, 1, 1);
    history_.configured.push_back(
        {.server = 1, .order = ++order_, .index = 1, .stands = true, .voters = {1, 2, 3}});
  }
  void Commit(uint32_t server, uint64_t index, uint64_t term) {
    history_.committed.push_back(
        {.server = server, .engine = server, .order = ++order_, .index = index, .term = term});
  }
  void Lead(uint32_t server, uint64_t term) {
    history_.led.push_back({.server = server, .engine = server, .order = ++order_, .term = term});
  }

  History history_;
  Order order_ = 0;
};

TEST_F(ServersTest, EqualEntriesMakeEqualStates) {
  history_.applied = {{.server = 1, .index = 5, .digest = 9},
                      {.server = 2, .index = 5, .digest = 9}};
  EXPECT_THAT(CheckDigests(history_), IsEmpty());
  history_.applied.push_back({.server = 3, .index = 5, .digest = 8});
  EXPECT_THAT(CheckDigests(history_), ElementsAre(HasSubstr("entry 5: digest 8 on server 3")));
}

TEST_F(ServersTest, ATermHasOneLeader) {
  Lead(1, 4);
  Lead(2, 5);
  EXPECT_THAT(CheckElectionSafety(history_), IsEmpty());
  Lead(3, 5);
  EXPECT_THAT(CheckElectionSafety(history_), ElementsAre(HasSubstr("term 5 had two leaders")));
}

TEST_F(ServersTest, AServerVotesOnceInATerm) {
  history_.votes = {{.server = 1, .engine = 1, .term = 4, .vote = 0},
                    {.server = 1, .engine = 1, .term = 4, .vote = 2},
                    {.server = 2, .engine = 2, .term = 4, .vote = 3},
                    {.server = 1, .engine = 1, .term = 5, .vote = 3}};
  EXPECT_THAT(CheckElectionSafety(history_), IsEmpty());
  history_.votes.push_back({.server = 1, .engine = 1, .life = 2, .term = 5, .vote = 1});
  EXPECT_THAT(CheckElectionSafety(history_), ElementsAre(HasSubstr("voted for 3 in term 5")));
}

TEST_F(ServersTest, EqualTermsMeanEqualLogs) {
  Founded();
  Entry(1, 2, 2);
  Entry(1, 3, 2);
  Entry(2, 2, 2);
  Entry(2, 3, 2);
  EXPECT_THAT(CheckLogMatching(history_), IsEmpty());
  Entry(3, 2, 2, /*hash=*/8);
  EXPECT_THAT(CheckLogMatching(history_), ElementsAre(HasSubstr("entry 2 of term 2 differs")));
}

TEST_F(ServersTest, EqualTermsMeanEqualLogsBefore) {
  Founded();
  Entry(1, 2, 2);
  Entry(1, 3, 3);
  Entry(2, 2, 1);
  Entry(2, 3, 3);
  EXPECT_THAT(CheckLogMatching(history_), ElementsAre(HasSubstr("before entry 3 of term 3")));
}

TEST_F(ServersTest, ALeaderHasWhatWasCommitted) {
  Founded();
  Entry(1, 2, 2);
  Entry(2, 2, 2);
  Commit(1, 2, 2);
  Lead(2, 3);
  Entry(2, 3, 3);
  EXPECT_THAT(CheckLeaderCompleteness(history_), IsEmpty());
  Lead(3, 4);
  Entry(3, 2, 4);
  EXPECT_THAT(CheckLeaderCompleteness(history_),
              ElementsAre(HasSubstr("server 3 led in term 4 without entry 2 of term 2")));
}

// It slept over the votes that it had been given, while a leader of a later term won and committed
// an entry of an earlier one with its own.
TEST_F(ServersTest, ALateLeaderNeedNotHaveWhatALaterTermCommitted) {
  for (uint32_t server = 1; server <= 3; ++server) Entry(server, 2, 2);
  Commit(1, 2, 2);
  Entry(1, 3, 2);
  Lead(1, 5);
  Entry(1, 4, 5);
  Commit(1, 3, 2);
  Commit(1, 4, 5);
  Lead(3, 4);
  Entry(3, 3, 4);
  EXPECT_THAT(CheckLeaderCompleteness(history_), IsEmpty());
}

TEST_F(ServersTest, ALateLeaderHasWhatWasCommittedBeforeTheLaterTerm) {
  for (uint32_t server = 1; server <= 2; ++server) Entry(server, 2, 2);
  Commit(1, 2, 2);
  Lead(1, 5);
  Entry(1, 3, 5);
  Lead(3, 4);
  Entry(3, 2, 4);
  EXPECT_THAT(CheckLeaderCompleteness(history_),
              ElementsAre(HasSubstr("server 3 led in term 4 without entry 2 of term 2")));
}

TEST_F(ServersTest, AnIndexIsCommittedWithOneTerm) {
  Commit(1, 2, 2);
  Commit(2, 2, 3);
  EXPECT_THAT(CheckLeaderCompleteness(history_),
              ElementsAre(HasSubstr("entry 2 was committed with term 2")));
}

TEST_F(ServersTest, WhatIsCommittedIsDurableOnAMajority) {
  Founded();
  Entry(1, 2, 2);
  Entry(2, 2, 2);
  Commit(1, 2, 2);
  EXPECT_THAT(CheckCommitDurable(history_), IsEmpty());
  Entry(1, 3, 2);
  Commit(1, 3, 2);
  EXPECT_THAT(CheckCommitDurable(history_), ElementsAre(HasSubstr("durable only on [1]")));
}

// Its answer may have been on the way when a bit of its log flipped, which takes all behind it.
TEST_F(ServersTest, WhatADamagedDiskLostWasDurable) {
  Founded();
  for (uint64_t index = 2; index <= 4; ++index) Entry(1, index, 2);
  for (uint64_t index = 2; index <= 3; ++index) Entry(2, index, 2);
  Entry(2, 3, 0);
  history_.log.back().kind = LogStep::Kind::kLost;
  Commit(1, 3, 2);
  EXPECT_THAT(CheckCommitDurable(history_), IsEmpty());
  Commit(1, 4, 2);
  EXPECT_THAT(CheckCommitDurable(history_), ElementsAre(HasSubstr("entry 4 of term 2")));
}

// Its answer may have been on the way while its disk was replaced.
TEST_F(ServersTest, WhatWentWithAWholeDiskWasDurable) {
  Founded();
  Entry(1, 2, 2);
  Entry(2, 2, 2);
  Entry(2, 0, 0);
  history_.log.back().kind = LogStep::Kind::kLost;
  Commit(1, 2, 2);
  EXPECT_THAT(CheckCommitDurable(history_), IsEmpty());
}

TEST_F(ServersTest, EntriesOfOlderTermsAreNotCommittedByCounting) {
  Founded();
  Entry(1, 2, 2);
  Entry(2, 2, 2);
  Lead(2, 3);
  Entry(2, 3, 3);
  Entry(3, 2, 2);
  Entry(3, 3, 3);
  Commit(2, 2, 2);  // together with entry 3 of its own term
  EXPECT_THAT(CheckCommitDurable(history_), IsEmpty());
  Lead(1, 4);
  Entry(1, 3, 3);
  Lead(2, 5);
  Entry(3, 4, 4);
  Entry(2, 4, 4);
  Lead(3, 6);
  Commit(3, 4, 4);
  EXPECT_THAT(CheckCommitDurable(history_), ElementsAre(HasSubstr("without one of that term")));
}

TEST_F(ServersTest, AJointConfigurationNeedsBothMajorities) {
  Founded();
  for (uint64_t index = 2; index <= 3; ++index) {
    history_.configured.push_back({.server = 1,
                                   .order = ++order_,
                                   .index = index,
                                   .voters = {3, 4, 5},
                                   .outgoing = {1, 2, 3}});
  }
  Entry(1, 4, 2);
  Entry(2, 4, 2);
  Commit(1, 4, 2);
  EXPECT_THAT(CheckCommitDurable(history_), ElementsAre(HasSubstr("durable only on [1 2]")));
}

TEST_F(ServersTest, AServerStandsInTheConfigurationOfItsEntry) {
  Founded();
  history_.configured.push_back({.server = 1, .order = ++order_, .index = 5, .voters = {1, 2, 4}});
  history_.configured.push_back(
      {.server = 2, .order = ++order_, .index = 4, .stands = true, .voters = {1, 2, 3}});
  history_.configured.push_back(
      {.server = 2, .order = ++order_, .index = 7, .stands = true, .voters = {1, 2, 4}});
  EXPECT_THAT(CheckConfiguration(history_), IsEmpty());
  history_.configured.push_back(
      {.server = 3, .order = ++order_, .index = 4, .stands = true, .voters = {1, 2, 4}});
  EXPECT_THAT(CheckConfiguration(history_),
              ElementsAre(HasSubstr("server 3 in life 0 stands at entry 4 with [1 2 4]")));
}

}  // namespace
}  // namespace rookery::sim
