#include "tests/sim/probes/log_probe.h"

#include <gtest/gtest.h>

#include "coordinator/consensus/log/memory_log_store.h"

namespace rookery::sim {
namespace {

using consensus::HardState;
using consensus::LogRecord;
using consensus::LogWrite;

class StillClock : public Clock {
 public:
  int64_t NowUs() const override { return 0; }
  int64_t WallMs() const override { return 0; }
};

LogRecord Record(uint64_t index, uint64_t term, std::string data = "x") {
  return {.index = index, .term = term, .data = std::move(data)};
}

class LogProbeTest : public ::testing::Test {
 protected:
  LogProbeTest() { EXPECT_TRUE(probe_.Load().ok()); }
  void Write(LogWrite write) { ASSERT_TRUE(probe_.Write({std::move(write)}).ok()); }
  const std::vector<LogStep>& steps() { return recorder_.history().log; }

  StillClock clock_;
  Recorder recorder_{&clock_};
  consensus::MemoryLogStore log_;
  ProbedServer server_{.number = 2, .engine = 2};
  LogProbe probe_{&recorder_, &server_, &log_};
};

TEST_F(LogProbeTest, NotesWhatWasSyncedAndNothingElse) {
  Write({.records = {Record(2, 1)}, .must_sync = false});
  EXPECT_TRUE(steps().empty());
  Write({.hard_state = HardState{.term = 3, .vote = 1}, .records = {Record(3, 3)}});
  ASSERT_EQ(steps().size(), 2u);
  EXPECT_EQ(steps()[0].index, 2u);
  EXPECT_EQ(steps()[1].index, 3u);
  EXPECT_EQ(steps()[1].term, 3u);
  EXPECT_EQ(steps()[1].engine, 2u);
  ASSERT_EQ(recorder_.history().votes.size(), 1u);
  EXPECT_EQ(recorder_.history().votes[0].vote, 1u);
}

TEST_F(LogProbeTest, NotesWhatACrashTook) {
  Write({.records = {Record(2, 1), Record(3, 1)}});
  Write({.records = {Record(4, 1)}, .must_sync = false});
  log_.Crash();
  ASSERT_TRUE(probe_.Load().ok());
  EXPECT_EQ(steps().size(), 2u);  // entry 4 was never said to be there
}

TEST_F(LogProbeTest, NotesWhatADiskLostThoughItWasSynced) {
  Write({.records = {Record(2, 1), Record(3, 1), Record(4, 1)}});
  ASSERT_TRUE(log_.Write({{.records = {Record(3, 2)}}}).ok());  // behind the probe's back
  ASSERT_TRUE(probe_.Load().ok());
  ASSERT_EQ(steps().size(), 5u);
  EXPECT_EQ(steps()[3].kind, LogStep::Kind::kLost);
  EXPECT_EQ(steps()[3].index, 3u);
  EXPECT_EQ(steps()[4].kind, LogStep::Kind::kEntry);
  EXPECT_EQ(steps()[4].term, 2u);
}

TEST_F(LogProbeTest, TrimmedEntriesAreNotLost) {
  Write({.records = {Record(2, 1), Record(3, 1)}});
  ASSERT_TRUE(probe_.Trim(3).ok());
  Write({.records = {Record(4, 1)}});
  ASSERT_TRUE(probe_.Load().ok());
  EXPECT_EQ(steps().size(), 3u);
}

TEST_F(LogProbeTest, AVoteIsNotedWhenItIsWrittenAndNotWhenItIsRead) {
  Write({.hard_state = HardState{.term = 3, .vote = 1}});
  ASSERT_TRUE(probe_.Load().ok());
  Write({.hard_state = HardState{.term = 3, .vote = 1, .commit = 9}});
  EXPECT_EQ(recorder_.history().votes.size(), 1u);
  Write({.hard_state = HardState{.term = 3, .vote = 2}});
  EXPECT_EQ(recorder_.history().votes.size(), 2u);
}

}  // namespace
}  // namespace rookery::sim
