#include "coordinator/base/secrets.h"

#include <gtest/gtest.h>

#include <set>

namespace rookery {
namespace {

TEST(SecretsTest, TheSystemsAreNeverAlike) {
  std::set<std::string> drawn;
  for (int i = 0; i < 1000; ++i) drawn.insert(SystemSecrets().Draw(16));
  EXPECT_EQ(drawn.size(), 1000u);
  EXPECT_EQ(drawn.begin()->size(), 16u);
}

TEST(SecretsTest, SeededOnesRepeatThemselves) {
  SeededSecrets one(7), same(7), other(8);
  const std::string first = one.Draw(16);
  EXPECT_EQ(first.size(), 16u);
  EXPECT_EQ(same.Draw(16), first);
  EXPECT_NE(other.Draw(16), first);
  EXPECT_NE(one.Draw(16), first);
}

}  // namespace
}  // namespace rookery
