#include "coordinator/frontend/grpc/session_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::frontend {
namespace {

using testing::HasSubstr;

TEST(SessionLimitsTest, CountsByHostAndInAll) {
  SessionLimits limits(2, 3);
  EXPECT_TRUE(limits.Enter("a").ok());
  EXPECT_TRUE(limits.Enter("a").ok());
  const absl::Status host_full = limits.Enter("a");
  EXPECT_TRUE(absl::IsResourceExhausted(host_full));
  EXPECT_THAT(std::string(host_full.message()), HasSubstr("maxClientCnxns allows 2"));
  EXPECT_TRUE(limits.Enter("b").ok());
  EXPECT_THAT(std::string(limits.Enter("c").message()), HasSubstr("maxCnxns allows 3"));
  limits.Leave("a");
  EXPECT_TRUE(limits.Enter("c").ok());
  EXPECT_FALSE(limits.Enter("a").ok());
}

TEST(SessionLimitsTest, ZeroIsNoLimit) {
  SessionLimits limits(0, 0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limits.Enter("a").ok());
}

}  // namespace
}  // namespace rookery::frontend
