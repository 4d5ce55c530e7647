// Every script on a real ZooKeeper: what the files say is what it says.
#include "tests/script/network_server.h"
#include "tests/script/script_files.h"
#include "tests/support/zookeeper_ensemble.h"

namespace rookery::script {
namespace {

// A step that says of itself that ZooKeeper answers it otherwise.
bool Differs(const Step& step) {
  return std::any_of(step.before.begin(), step.before.end(),
                     [](const std::string& line) { return line.starts_with("# [differs]"); });
}

class OracleTest : public ::testing::TestWithParam<std::string> {};

TEST_P(OracleTest, ZooKeeperAnswersTheSame) {
  if (!testing::ZooKeeperInstalled()) {
    ASSERT_FALSE(testing::Required("zookeeper")) << "ZooKeeper's jars are missing";
    GTEST_SKIP() << "ZooKeeper is not installed";
  }
  testing::ZooKeeperEnsemble ensemble(1, 500);
  const absl::Status started = ensemble.Start();
  ASSERT_TRUE(started.ok()) << started;
  const std::string expected = ReadScript(GetParam());
  NetworkServer server(ensemble.addresses()[0], ZooKeeperLinks());
  const std::vector<Step> steps = ParseScript(expected);
  auto played = Player(&server).Play(steps);
  ASSERT_TRUE(played.ok()) << played.status();
  for (size_t i = 0; i < steps.size(); ++i) {
    if (Differs(steps[i])) (*played)[i].answers = steps[i].answers;
  }
  EXPECT_EQ(ScriptText(*played), expected);
}

INSTANTIATE_TEST_SUITE_P(Scripts, OracleTest, ::testing::ValuesIn(ScriptNames()), ScriptTestName());

}  // namespace
}  // namespace rookery::script
