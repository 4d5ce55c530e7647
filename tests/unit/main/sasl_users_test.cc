#include "coordinator/main/config/sasl_users.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/main/config/config.h"

namespace rookery::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

std::string ErrorOf(const absl::Status& status) { return std::string(status.message()); }

TEST(UsersFileTest, ReadsUsersAndPasswords) {
  const auto users = ParseUsersFile("# who may log in\nkafka = kafka-secret\ntools=a=b c\n");
  ASSERT_TRUE(users.ok()) << users.status();
  EXPECT_THAT(*users, ElementsAre(Pair("kafka", "kafka-secret"), Pair("tools", "a=b c")));
}

TEST(UsersFileTest, RefusesUsersWithoutAPasswordAndUsersTwice) {
  EXPECT_EQ(ErrorOf(ParseUsersFile("a=1\nkafka\n").status()),
            "2: expected user=password, found 'kafka'");
  EXPECT_EQ(ErrorOf(ParseUsersFile("a=1\na=2\n").status()), "2: the user a stands twice");
}

constexpr char kJaas[] = R"(
// As ZooKeeper's documentation shows it.
Server {
  org.apache.zookeeper.server.auth.DigestLoginModule required
  user_super="adminsecret"
  user_kafka="with \"quotes\" and ; in it"; /* the
  end */
};
QuorumServer { com.example.Other required a=b c="d"; };
)";

TEST(JaasTest, ReadsTheUsersOfASection) {
  const auto users = ParseJaasUsers(kJaas, "Server");
  ASSERT_TRUE(users.ok()) << users.status();
  EXPECT_THAT(*users, ElementsAre(Pair("kafka", "with \"quotes\" and ; in it"),
                                  Pair("super", "adminsecret")));
}

TEST(JaasTest, SaysWhereAndWhatItExpected) {
  EXPECT_EQ(ErrorOf(ParseJaasUsers(kJaas, "Client").status()),
            "10: expected a section Client, found none");
  EXPECT_THAT(ErrorOf(ParseJaasUsers(kJaas, "QuorumServer").status()),
              HasSubstr("9: expected the module org.apache.zookeeper.server.auth.DigestLogin"));
  EXPECT_EQ(ErrorOf(ParseJaasUsers("Server {\n", "Server").status()),
            "2: expected }, found the end of the file");
  EXPECT_EQ(ErrorOf(ParseJaasUsers("Server\n[ };", "Server").status()), "2: expected {, found '['");
  EXPECT_EQ(ErrorOf(ParseJaasUsers("Server { org.apache.zookeeper.server.auth.DigestLoginModule "
                                   "required\nuser_a=\"x",
                                   "Server")
                        .status()),
            "2: expected a closing quote, found the end of the file");
}

constexpr char kLone[] = "dataDir=/d\nclientPort=2181\n";

absl::StatusOr<Config> Parse(const std::string& lines) {
  return ParseConfig("zoo.cfg", kLone + lines,
                     [](const std::string& path) -> absl::StatusOr<std::string> {
                       if (path == "/etc/users") return "kafka=one\n";
                       if (path == "/etc/jaas") return kJaas;
                       return absl::NotFoundError("no such file");
                     });
}

TEST(SaslConfigTest, OffersLoginsWhereUsersAreNamed) {
  EXPECT_FALSE(Parse("")->OffersSasl());
  const auto config = Parse(
      "sasl.usersFile=/etc/users\njaas.config=/etc/jaas\n"
      "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider\n"
      "zookeeper.superUser=super\nsuperUser.2=kafka\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_TRUE(config->OffersSasl());
  EXPECT_THAT(config->sasl_passwords,
              ElementsAre(Pair("kafka", "one"), Pair("super", "adminsecret")));
  EXPECT_THAT(config->sasl_super_users, ElementsAre("kafka", "super"));
  EXPECT_THAT(config->warnings, ElementsAre());
}

TEST(SaslConfigTest, TheSuperPasswordOfTheFileWins) {
  const auto config =
      Parse("jaas.config=/etc/jaas\nSASLAuthenticationProvider.superPassword=other\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->sasl_passwords.at("super"), "other");
}

TEST(SaslConfigTest, RefusesAProviderWithoutUsersAndFilesThatAreMissing) {
  EXPECT_THAT(
      ErrorOf(Parse("authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider")
                  .status()),
      HasSubstr("add sasl.usersFile=FILE"));
  EXPECT_THAT(ErrorOf(Parse("sasl.usersFile=/none").status()),
              HasSubstr("sasl.usersFile: expected a file that can be read, found none at /none"));
  EXPECT_THAT(ErrorOf(Parse("jaas.config=/etc/users").status()),
              HasSubstr("/etc/users:1: expected {"));
}

}  // namespace
}  // namespace rookery::config
