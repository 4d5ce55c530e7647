#include "coordinator/proposal/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::proposal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class IntakeTest : public testing::Test {
 protected:
  IntakeTest() { intake_.Begin(5); }

  Intake::Verdict Add(model::ServerId from, uint64_t first_ticket,
                      std::vector<std::string> requests, TicketState machine = {3, 0}) {
    Forward forward{.incarnation = 3, .first_ticket = first_ticket, .attempt = 9};
    for (const std::string& request : requests) forward.requests.push_back(request);
    const std::string message = EncodePeerMessage(forward);
    const auto decoded = DecodePeerMessage(message);
    return intake_.Add(from, message, std::get<Forward>(*decoded), machine);
  }
  // "server:first request request ..." of an entry.
  std::vector<std::string> Fill(size_t bytes = 1000, size_t requests = 100) {
    std::vector<wire::EncodedRun> runs;
    intake_.Fill(bytes, requests, &runs);
    std::vector<std::string> texts;
    for (const wire::EncodedRun& run : runs) {
      std::string text = std::to_string(run.server) + ":" + std::to_string(run.first_ticket);
      for (const absl::string_view request : run.requests) text += " " + std::string(request);
      texts.push_back(text);
    }
    return texts;
  }

  Intake intake_;
};

TEST_F(IntakeTest, TakesEachTicketOnce) {
  EXPECT_FALSE(Add(1, 1, {"a", "b"}).answer);
  EXPECT_FALSE(Add(1, 1, {"a", "b", "c"}).answer) << "the new part is taken";
  const Intake::Verdict repeat = Add(1, 2, {"b", "c"});
  EXPECT_TRUE(repeat.answer);
  EXPECT_FALSE(repeat.cursor.go_back);
  EXPECT_THAT(Fill(), ElementsAre("1:1 a b", "1:3 c"));
}

TEST_F(IntakeTest, StartsFromTheMachinesState) {
  EXPECT_FALSE(Add(1, 4, {"d", "e", "f"}, {3, 4}).answer);
  EXPECT_THAT(Fill(), ElementsAre("1:5 e f"));
}

TEST_F(IntakeTest, RefusesAGap) {
  const Intake::Verdict verdict = Add(1, 3, {"c"});
  ASSERT_TRUE(verdict.answer);
  EXPECT_TRUE(verdict.cursor.go_back);
  EXPECT_EQ(verdict.cursor.last_ticket, 0u);
  EXPECT_EQ(verdict.cursor.attempt, 9u);
  EXPECT_TRUE(intake_.empty());
}

TEST_F(IntakeTest, TheCursorMovesOnlyWhenTheEngineTookTheEntry) {
  Add(1, 1, {"a", "b"});
  Fill();
  intake_.Refused();
  EXPECT_EQ(Add(1, 1, {"a"}).cursor.last_ticket, 0u);
  EXPECT_THAT(Fill(), ElementsAre("1:1 a b"));
  const auto cursors = intake_.Accepted();
  ASSERT_EQ(cursors.size(), 1u);
  EXPECT_EQ(cursors[0].first, 1u);
  EXPECT_EQ(cursors[0].second.last_ticket, 2u);
  EXPECT_EQ(cursors[0].second.term, 5u);
  EXPECT_TRUE(intake_.empty());
}

TEST_F(IntakeTest, CutsEntriesAtTheirLimits) {
  Add(1, 1, {"aaaa", "bbbb", "cccc"});
  Add(2, 1, {"dddd"});
  EXPECT_THAT(Fill(8), ElementsAre("1:1 aaaa bbbb"));
  intake_.Accepted();
  EXPECT_THAT(Fill(1000, 1), ElementsAre("1:3 cccc"));
  intake_.Accepted();
  EXPECT_THAT(Fill(1), ElementsAre("2:1 dddd")) << "a larger one goes alone";
  intake_.Accepted();
  EXPECT_EQ(intake_.bytes(), 0u);
}

TEST_F(IntakeTest, ANewTermForgetsCursorsAndWhatWaits) {
  Add(1, 1, {"a"});
  Fill();
  intake_.Accepted();
  Add(1, 2, {"b"});
  intake_.Begin(6);
  EXPECT_TRUE(intake_.empty());
  // The entry with ticket 1 was lost with the old term: a cursor kept from it would lose the write.
  EXPECT_FALSE(Add(1, 1, {"a", "b"}).answer);
  EXPECT_THAT(Fill(), ElementsAre("1:1 a b"));
}

TEST_F(IntakeTest, AnOlderIncarnationIsIgnoredAndANewerOneAskedToWait) {
  EXPECT_FALSE(Add(1, 1, {"a"}, {4, 0}).answer);
  EXPECT_TRUE(intake_.empty());
  const Intake::Verdict early = Add(1, 1, {"a"}, {2, 0});
  EXPECT_TRUE(early.answer);
  EXPECT_TRUE(early.cursor.go_back);
  EXPECT_TRUE(intake_.empty());
}

TEST_F(IntakeTest, AnIncarnationThatFollowsDropsWhatWaitsOfTheOldOne) {
  Add(1, 1, {"old"});
  Forward forward{.incarnation = 4, .first_ticket = 1, .requests = {"new"}};
  const std::string message = EncodePeerMessage(forward);
  const auto decoded = DecodePeerMessage(message);
  intake_.Add(1, message, std::get<Forward>(*decoded), {4, 0});
  EXPECT_THAT(Fill(), ElementsAre("1:1 new"));
}

}  // namespace
}  // namespace rookery::proposal
