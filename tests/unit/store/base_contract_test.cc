// What every base promises (coordinator/store/base.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/random.h"
#include "coordinator/store/base.h"
#include "tests/unit/store/base_harness.h"

namespace rookery::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

using Rows = std::map<std::string, std::string>;
using Changes = std::map<std::string, std::optional<std::string>>;

class BaseContract : public testing::TestWithParam<std::unique_ptr<BaseHarness> (*)()> {
 protected:
  BaseContract() { Open(""); }

  void Open(const std::string& name) {
    auto base = harness_->Open(name);
    ASSERT_TRUE(base.ok()) << base.status();
    base_ = *std::move(base);
  }
  void Reopen() {
    const std::string name = base_->name();
    base_.reset();
    Open(name);
  }
  std::unique_ptr<Base::Batch> Write(const Changes& changes) {
    auto batch = base_->NewBatch();
    for (const auto& [key, value] : changes) {
      EXPECT_TRUE((value ? batch->Put(key, *value) : batch->Delete(key)).ok());
    }
    return batch;
  }
  void Commit(const Changes& changes) {
    const absl::Status status = Write(changes)->Commit();
    ASSERT_TRUE(status.ok()) << status;
  }
  static Rows Read(const Base::Snapshot& snapshot, const std::string& begin = "",
                   const std::string& end = "") {
    Rows rows;
    std::string last;
    EXPECT_TRUE(snapshot
                    .Scan(begin, end,
                          [&](absl::string_view key, absl::string_view value) {
                            EXPECT_LT(last, key) << "not in order";
                            last = std::string(key);
                            rows[last] = std::string(value);
                            return true;
                          })
                    .ok());
    return rows;
  }
  Rows All() { return Read(*base_->TakeSnapshot()); }

  std::unique_ptr<BaseHarness> harness_ = GetParam()();
  std::shared_ptr<Base> base_;
};

TEST_P(BaseContract, BeginsEmpty) { EXPECT_THAT(All(), IsEmpty()); }

TEST_P(BaseContract, HoldsCommittedBatchesOverARestart) {
  Commit({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  Commit({{"a", "4"}, {"b", std::nullopt}, {"d", ""}});
  EXPECT_THAT(All(), ElementsAre(Pair("a", "4"), Pair("c", "3"), Pair("d", "")));
  Reopen();
  EXPECT_THAT(All(), ElementsAre(Pair("a", "4"), Pair("c", "3"), Pair("d", "")));
}

TEST_P(BaseContract, DropsABatchThatWasNotCommitted) {
  Commit({{"a", "1"}});
  Write({{"a", "2"}, {"b", "2"}}).reset();
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1")));
  Reopen();
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1")));
}

TEST_P(BaseContract, TakesAnEmptyBatch) {
  Commit({});
  EXPECT_THAT(All(), IsEmpty());
}

TEST_P(BaseContract, DeletesWhatIsNotThere) {
  Commit({{"a", std::nullopt}});
  EXPECT_THAT(All(), IsEmpty());
}

TEST_P(BaseContract, GetsManyKeysInAnyOrderWithTheAbsentOnes) {
  Commit({{"a", "1"}, {"b", ""}, {"c", "3"}});
  Commit({{"c", std::nullopt}});
  std::vector<std::optional<std::string>> values;
  const std::vector<std::string> keys = {"b", "zz", "a", "c", "a"};
  ASSERT_TRUE(base_->MultiGet(keys, &values).ok());
  EXPECT_THAT(values, ElementsAre("", std::nullopt, "1", std::nullopt, "1"));
}

TEST_P(BaseContract, ScansARangeAndStopsWhenTold) {
  Commit({{"a", "1"}, {"b", "2"}, {"b1", "3"}, {"c", "4"}, {std::string("c\0", 2), "5"}});
  const auto snapshot = base_->TakeSnapshot();
  EXPECT_THAT(Read(*snapshot, "b", "c"), ElementsAre(Pair("b", "2"), Pair("b1", "3")));
  int visited = 0;
  ASSERT_TRUE(
      snapshot->Scan("b", "", [&](absl::string_view, absl::string_view) { return ++visited < 2; })
          .ok());
  EXPECT_EQ(visited, 2);
}

TEST_P(BaseContract, SnapshotStaysAsItWas) {
  Commit({{"a", "1"}, {"b", "2"}});
  const auto snapshot = base_->TakeSnapshot();
  Commit({{"a", "3"}, {"b", std::nullopt}, {"c", "4"}});
  EXPECT_THAT(Read(*snapshot), ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_THAT(All(), ElementsAre(Pair("a", "3"), Pair("c", "4")));
}

TEST_P(BaseContract, CheckpointStandsForItsMomentAndCanBeInstalledElsewhere) {
  Commit({{"a", "1"}, {"b", "2"}});
  const auto made = base_->Checkpoint("one");
  ASSERT_TRUE(made.ok()) << made.status();
  Commit({{"a", "9"}, {"c", "9"}});
  const std::string old_name = base_->name();
  const std::string received = harness_->Receive(*made);
  const auto before = base_->TakeSnapshot();

  const absl::Status status = base_->Replace(received);
  ASSERT_TRUE(status.ok()) << status;

  EXPECT_THAT(All(), ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_NE(base_->name(), old_name);
  EXPECT_THAT(Read(*before), testing::SizeIs(3)) << "readers of the old state go on";
  Commit({{"d", "4"}});
  Reopen();
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1"), Pair("b", "2"), Pair("d", "4")));
  EXPECT_FALSE(harness_->HasState(old_name)) << "a start removes what nobody names";
}

TEST_P(BaseContract, ACheckpointCanBeReadWithoutBeingInstalled) {
  Commit({{"a", "1"}, {"b", "2"}});
  const std::string received = harness_->Receive(base_->Checkpoint("one").value());
  Commit({{"a", "9"}});
  {
    const auto opened = base_->OpenToRead(received);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_THAT(Read(**opened), ElementsAre(Pair("a", "1"), Pair("b", "2")));
  }
  EXPECT_THAT(All(), ElementsAre(Pair("a", "9"), Pair("b", "2")));
  ASSERT_TRUE(base_->Replace(received).ok());
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_FALSE(base_->OpenToRead(received + "-not-there").ok());
}

TEST_P(BaseContract, KeepsTheOldStateUntilToldAndReadable) {
  Commit({{"a", "1"}});
  const std::string old_name = base_->name();
  const std::string received = harness_->Receive(base_->Checkpoint("one").value());
  Commit({{"b", "2"}});
  ASSERT_TRUE(base_->Replace(received).ok());
  // The log was not told: a start goes on with the old one.
  const std::string new_name = base_->name();
  base_.reset();
  Open(old_name);
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_FALSE(harness_->HasState(new_name));
}

TEST_P(BaseContract, RemovesTheOldStateAfterItsLastReader) {
  Commit({{"a", "1"}});
  const std::string old_name = base_->name();
  auto reader = base_->TakeSnapshot();
  ASSERT_TRUE(base_->Replace(harness_->Receive(base_->Checkpoint("one").value())).ok());
  ASSERT_TRUE(base_->RemoveUnnamed().ok());
  EXPECT_THAT(Read(*reader), ElementsAre(Pair("a", "1")));
  reader.reset();
  EXPECT_FALSE(harness_->HasState(old_name));
  EXPECT_TRUE(harness_->HasState(base_->name()));
}

TEST_P(BaseContract, RefusesACheckpointOfAnUnknownFormatAndGoesOn) {
  Commit({{"a", "1"}});
  const std::string received = harness_->Receive(base_->Checkpoint("one").value());
  harness_->SetFormat(received, "rookery-state 99\n");
  const std::string name = base_->name();
  const absl::Status status = base_->Replace(received);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("99"));
  EXPECT_EQ(base_->name(), name);
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1")));
}

TEST_P(BaseContract, RefusesASecondCheckpointOfOneNameUntilItIsDropped) {
  ASSERT_TRUE(base_->Checkpoint("one").ok());
  EXPECT_EQ(base_->Checkpoint("one").status().code(), absl::StatusCode::kAlreadyExists);
  ASSERT_TRUE(base_->DropCheckpoint("one").ok());
  EXPECT_TRUE(base_->Checkpoint("one").ok());
  EXPECT_TRUE(base_->DropCheckpoint("never made").ok());
}

TEST_P(BaseContract, RefusesToOpenAStateThatIsNotThere) {
  base_.reset();
  EXPECT_EQ(harness_->Open("state-77").status().code(), absl::StatusCode::kNotFound);
}

TEST_P(BaseContract, EqualsAModelOverManyBatches) {
  Random random(7);
  Rows model;
  for (int round = 0; round < 60; ++round) {
    Changes changes;
    const int count = 1 + static_cast<int>(random.Below(200));
    for (int i = 0; i < count; ++i) {
      const std::string key = absl::StrFormat("%04d", random.Below(1000));
      changes[key] = random.Chance(0.3)
                         ? std::nullopt
                         : std::optional(std::string(random.Below(100), 'a' + round % 26));
    }
    Commit(changes);
    for (const auto& [key, value] : changes) {
      if (value) {
        model[key] = *value;
      } else {
        model.erase(key);
      }
    }
    if (round % 20 == 19) Reopen();
    ASSERT_EQ(All(), model) << "after round " << round;
  }
}

INSTANTIATE_TEST_SUITE_P(Memory, BaseContract, testing::Values(&MemoryHarness));
INSTANTIATE_TEST_SUITE_P(Rocks, BaseContract, testing::Values(&RocksHarness));
INSTANTIATE_TEST_SUITE_P(Simulated, BaseContract, testing::Values(&SimulatedHarness));

}  // namespace
}  // namespace rookery::store
