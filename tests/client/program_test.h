// The rookery program as a person or a script runs it, on a real ZooKeeper.
#pragma once

#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/wait.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/zookeeper_ensemble.h"

namespace rookery::testing {

// One server for all tests of a suite.
class ProgramTest : public ::testing::Test {
 protected:
  struct Outcome {
    int exit_status = -1;
    std::string output;  // and errors
  };

  static void SetUpTestSuite() {
    if (!ZooKeeperInstalled()) return;
    ensemble_ = std::make_unique<ZooKeeperEnsemble>(1, 500);
    start_status_ = ensemble_->Start();
  }
  static void TearDownTestSuite() { ensemble_.reset(); }
  void SetUp() override {
    if (!ensemble_) {
      ASSERT_FALSE(Required("zookeeper")) << "ZooKeeper's jars are missing";
      GTEST_SKIP() << "ZooKeeper is not installed";
    }
    ASSERT_TRUE(start_status_.ok()) << start_status_;
    servers_ = ensemble_->ConnectString();
  }

  // Runs `rookery ARGUMENTS`, quoted for a shell, with `input` on its standard input.
  Outcome Run(const std::string& arguments, const std::string& input = "") {
    TemporaryDirectory directory;
    const std::string input_file = (directory.path() / "input").string();
    std::ofstream(input_file) << input;
    const std::string line = absl::StrCat(ROOKERY_PROGRAM, " --servers ", servers_, " ", arguments,
                                          " 2>&1 < ", input_file);
    FILE* pipe = popen(line.c_str(), "r");
    Outcome outcome;
    char buffer[4096];
    for (size_t count; (count = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
      outcome.output.append(buffer, count);
    }
    outcome.exit_status = WEXITSTATUS(pclose(pipe));
    return outcome;
  }
  void Expect(const std::string& arguments, int exit_status, const std::string& output) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.exit_status, exit_status) << arguments;
    EXPECT_EQ(outcome.output, output) << arguments;
  }

  static inline std::unique_ptr<ZooKeeperEnsemble> ensemble_;
  static inline absl::Status start_status_;
  std::string servers_;
};

}  // namespace rookery::testing
