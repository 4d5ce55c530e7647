#include "coordinator/frontend/commands/directory_meter.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "tests/unit/store/manual_executors.h"

namespace rookery::frontend {
namespace {

class DirectoryMeterTest : public ::testing::Test {
 protected:
  uint64_t Look(const std::string& directory) {
    ++looks_;
    return bytes_[directory];
  }

  store::ManualCore core_;
  store::ManualBackground background_;
  store::ManualClock clock_;
  std::map<std::string, uint64_t> bytes_ = {{"data", 10}, {"log", 20}};
  int looks_ = 0;
  std::unique_ptr<DirectoryMeter> meter_ =
      std::make_unique<DirectoryMeter>(&core_, &background_, &clock_, "data", "log",
                                       [this](const std::string& name) { return Look(name); });
};

TEST_F(DirectoryMeterTest, KnowsTheSizesFromTheStartOn) {
  EXPECT_EQ(meter_->facts().data_bytes, 10u);
  EXPECT_EQ(meter_->facts().log_bytes, 20u);
  EXPECT_EQ(looks_, 2);
}

TEST_F(DirectoryMeterTest, LooksInTheBackgroundOnlyAndAgainAfterAPause) {
  bytes_["data"] = 11;
  meter_->Start();
  EXPECT_FALSE(core_.RunOne());
  EXPECT_EQ(looks_, 2) << "on the core nothing is looked at";
  ASSERT_TRUE(background_.RunOne());
  EXPECT_EQ(meter_->facts().data_bytes, 10u) << "the facts belong to the core";
  ASSERT_TRUE(core_.RunOne());
  EXPECT_EQ(meter_->facts().data_bytes, 11u);

  bytes_["log"] = 22;
  core_.Fire();
  EXPECT_EQ(looks_, 4);
  ASSERT_TRUE(background_.RunOne());
  ASSERT_TRUE(core_.RunOne());
  EXPECT_EQ(meter_->facts().log_bytes, 22u);
}

TEST_F(DirectoryMeterTest, MayEndWithAMeasurementUnderWay) {
  meter_->Start();
  meter_.reset();
  ASSERT_TRUE(background_.RunOne());
  ASSERT_TRUE(core_.RunOne());
  core_.Fire();
  EXPECT_FALSE(background_.RunOne());
}

}  // namespace
}  // namespace rookery::frontend
