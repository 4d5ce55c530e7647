// Every script on a server in this process. ROOKERY_REWRITE=1 writes what it said into the files.
#include <stdlib.h>

#include "tests/script/local_server.h"
#include "tests/script/script_files.h"

namespace rookery::script {
namespace {

class ScriptTest : public testing::TestWithParam<std::string> {};

TEST_P(ScriptTest, IsAnsweredAsWritten) {
  const std::string expected = ReadScript(GetParam());
  ASSERT_FALSE(expected.empty());
  LocalServer server;
  const auto played = Player(&server).Play(ParseScript(expected));
  ASSERT_TRUE(played.ok()) << played.status();
  const std::string found = ScriptText(*played);
  if (getenv("ROOKERY_REWRITE") != nullptr) {
    std::ofstream(ScriptPath(GetParam())) << found;
    return;
  }
  EXPECT_EQ(found, expected);
}

INSTANTIATE_TEST_SUITE_P(Scripts, ScriptTest, testing::ValuesIn(ScriptNames()), ScriptTestName());

}  // namespace
}  // namespace rookery::script
