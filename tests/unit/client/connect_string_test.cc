#include "coordinator/client/connect_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::client {
namespace {

TEST(ConnectStringTest, ServersAndChroot) {
  const auto parsed = ParseConnectString("a:1,b:22, c/kafka/one");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->servers, (std::vector<Address>{{"a", 1}, {"b", 22}, {"c", 2181}}));
  EXPECT_EQ(parsed->chroot, "/kafka/one");
}

TEST(ConnectStringTest, LoneSlashIsNoChroot) {
  const auto parsed = ParseConnectString("a:1/");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->chroot, "");
}

TEST(ConnectStringTest, Ipv6StandsInBrackets) {
  const auto parsed = ParseConnectString("[::1]:2182,[fe80::1]");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->servers, (std::vector<Address>{{"::1", 2182}, {"fe80::1", 2181}}));
}

TEST(ConnectStringTest, AViewWithoutBytesNamesNoServer) {
  EXPECT_FALSE(ParseConnectString(absl::string_view()).ok());
}

TEST(ConnectStringTest, NamesWhatIsWrong) {
  for (const char* text : {"", "a:1,", ":1", "a:x", "a:0", "a:65536", "::1", "[::1", "[::1]2",
                           "a:1/kafka/", "a:1//x"}) {
    const auto parsed = ParseConnectString(text);
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(parsed.status().message()),
                ::testing::HasSubstr("expected host:port,.../chroot"));
  }
}

}  // namespace
}  // namespace rookery::client
