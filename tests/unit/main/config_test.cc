#include "coordinator/main/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/main/config/properties.h"
#include "coordinator/main/config/server_line.h"

namespace rookery::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kLone[] = "dataDir=/d\nclientPort=2181\n";
constexpr char kThree[] =
    "dataDir=/d\nclientPort=2181\n"
    "server.1=a:2888:3888\nserver.2=b:2888:3888:participant;2181\nserver.3=[::1]:2888:3888\n";

absl::StatusOr<Config> Parse(absl::string_view text, absl::StatusOr<std::string> my_id = "1\n") {
  return ParseConfig("zoo.cfg", text,
                     [my_id](const std::string& path) -> absl::StatusOr<std::string> {
                       if (path == "/etc/rookery/users") return "kafka=secret\n";
                       if (path == "/etc/rookery/jaas.conf") return "Server { };\n";
                       return my_id;
                     });
}

std::string ErrorOf(absl::string_view text, absl::StatusOr<std::string> my_id = "1\n") {
  const auto config = Parse(text, std::move(my_id));
  return config.ok() ? "accepted" : std::string(config.status().message());
}

TEST(PropertiesTest, FollowsJavasSyntax) {
  const auto properties = ParseProperties(
      "# comment\n! comment\n\na=1\n b : 2 \nc 3\nlong=x\\\n   y\nempty=\nkey\\ with\\=all=v\r\n");
  std::vector<std::string> found;
  for (const Property& one : properties) {
    found.push_back(absl::StrCat(one.line, " ", one.key, "=", one.value));
  }
  EXPECT_THAT(found,
              ElementsAre("4 a=1", "5 b=2", "6 c=3", "7 long=xy", "9 empty=", "10 key with=all=v"));
}

TEST(ConfigTest, FillsInWhatTheFileDoesNotSay) {
  const auto config = Parse(kLone);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->tick_time_ms, 3000);
  EXPECT_EQ(config->min_session_timeout_ms, 6000);
  EXPECT_EQ(config->max_session_timeout_ms, 60000);
  EXPECT_EQ(config->data_log_dir, "/d");
  EXPECT_EQ(config->grpc.port, 3181);
  EXPECT_FALSE(config->grpc.named);
  EXPECT_EQ(config->admin.port, 8080);
  EXPECT_THAT(config->four_letter_words, ElementsAre("srvr"));
  EXPECT_TRUE(config->preload_kafka);
  EXPECT_FALSE(config->IsEnsemble());
}

TEST(ConfigTest, ReadsAnEnsembleWithItsNumber) {
  const auto config = Parse(kThree, "2\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server_number, 2u);
  ASSERT_EQ(config->servers.size(), 3u);
  EXPECT_EQ(config->servers[1].client_address, "2181");
  EXPECT_EQ(config->servers[2].host, "::1");
}

// ZooKeeper writes it there since 3.5, and starts without a line clientPort.
TEST(ConfigTest, TakesTheClientPortOfItsOwnServerLine) {
  constexpr char kServers[] =
      "dataDir=/d\nserver.1=a:2888:3888;2181\nserver.2=b:2888:3888;10.0.0.2:2182\n";
  const auto first = Parse(kServers, "1\n");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->client.port, 2181);
  EXPECT_EQ(first->client.host, "");
  EXPECT_EQ(first->grpc.port, 3181);
  const auto second = Parse(kServers, "2\n");
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->client.port, 2182);
  EXPECT_EQ(second->client.host, "10.0.0.2");
  EXPECT_EQ(ErrorOf(absl::StrCat(kServers, "clientPort=2183\n"), "1\n"),
            "zoo.cfg: clientPort: expected the port behind ';' of server.1, 2181, found 2183: "
            "make them the same");
  EXPECT_THAT(ErrorOf(absl::StrCat(kLone, "server.1=a:2888:3888;x\n")),
              HasSubstr("expected [host:]clientPort behind ';', found 'x'"));
}

TEST(ConfigTest, WarnsOfAGraceThatIsShorterThanAReconnect) {
  EXPECT_EQ(Parse(kLone)->disconnect_grace_ms, 0);
  const auto calm = Parse(absl::StrCat(kLone, "session.disconnectGraceMs=2500\n"));
  ASSERT_TRUE(calm.ok()) << calm.status();
  EXPECT_EQ(calm->disconnect_grace_ms, 2500);
  EXPECT_THAT(calm->warnings, ElementsAre());
  const auto hasty = Parse(absl::StrCat(kLone, "session.disconnectGraceMs=2499\n"));
  ASSERT_TRUE(hasty.ok()) << hasty.status();
  EXPECT_THAT(hasty->warnings,
              ElementsAre(HasSubstr("sleeps up to a second before it reconnects")));
}

TEST(ConfigTest, WarnsWhereNoGrpcPortIsLeft) {
  const auto config = Parse("dataDir=/d\nclientPort=65000\n");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_FALSE(config->grpc.enabled);
  ASSERT_EQ(config->warnings.size(), 1u);
  EXPECT_THAT(config->warnings[0], HasSubstr("choose one with grpcPort"));
}

TEST(ConfigTest, NamesFileLineKeyAndWhatWasExpected) {
  EXPECT_EQ(ErrorOf("dataDir=/d\nclientPort=x\n"),
            "zoo.cfg:2: clientPort: expected a port from 1 to 65535, 0 for a free one, found 'x'");
  EXPECT_EQ(ErrorOf("clientPort=2181\n"),
            "zoo.cfg: dataDir: expected a directory, found no such line");
  EXPECT_EQ(ErrorOf("dataDir=/d\n"),
            "zoo.cfg: clientPort: expected a port, here or behind ';' of this server's own line, "
            "found no such line");
  EXPECT_THAT(ErrorOf(absl::StrCat(kLone, "tickTime=-5\n")),
              HasSubstr("zoo.cfg:3: tickTime: expected"));
  EXPECT_THAT(ErrorOf(absl::StrCat(kLone, "minSessionTimeout=9\nmaxSessionTimeout=8\n")),
              HasSubstr("expected at most maxSessionTimeout (8), found 9"));
  EXPECT_THAT(ErrorOf(absl::StrCat(kLone, "memoryBudget=1m\n")), HasSubstr("at least 32m"));
}

TEST(ConfigTest, RefusesByNameWhatItDoesNotOffer) {
  for (const char* line :
       {"secureClientPort=2281", "sslQuorum=true", "authProvider.1=org.x.Y", "letAnySaslUserDoX=x",
        "enforce.auth.enabled=true", "group.1=1:2", "weight.1=1", "peerType=observer",
        "sessionRequireClientSASLAuth=true", "extendedTypesEnabled=true",
        "requireClientAuthScheme=sasl", "ensembleAuthName=x", "admin.forceHttps=true",
        "quorum.auth.serverRequireSasl=true", "oraclePath=/x"}) {
    EXPECT_THAT(ErrorOf(absl::StrCat(kLone, line, "\n")), HasSubstr("zoo.cfg:3: ")) << line;
  }
  EXPECT_THAT(ErrorOf(absl::StrCat(kLone, "server.1=a:2888:3888:observer\n")),
              HasSubstr("observers"));
}

TEST(ConfigTest, AcceptsWhatIsSwitchedOffAndWhatChangesNothing) {
  const auto config = Parse(absl::StrCat(kLone,
                                         "sslQuorum=false\npeerType=participant\n"
                                         "autopurge.purgeInterval=1\nsnapCount=5\n"
                                         "quorum.auth.enableSasl=false\n"
                                         "quorum.auth.learner.loginContext=QuorumLearner\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_THAT(config->warnings, ElementsAre());
}

TEST(ConfigTest, WarnsOfUnknownKeysWithTheNearestKnownOne) {
  const auto config = Parse(absl::StrCat(kLone, "tickTme=5\nsomethingElseAltogether=1\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_THAT(config->warnings,
              ElementsAre("zoo.cfg:3: unknown key tickTme: did you mean tickTime?",
                          "zoo.cfg:4: unknown key somethingElseAltogether"));
}

TEST(ConfigTest, SaysWhatIsWrongWithMyId) {
  EXPECT_THAT(ErrorOf(kThree, absl::NotFoundError("")), HasSubstr("/d/myid: expected a file"));
  EXPECT_THAT(ErrorOf(kThree, "abc"), HasSubstr("found 'abc'"));
  EXPECT_THAT(ErrorOf(kThree, "7"), HasSubstr("found 7"));
}

TEST(ConfigTest, RefusesServersThatCollide) {
  EXPECT_THAT(ErrorOf(absl::StrCat(kThree, "server.3=c:1:2\n")), HasSubstr("stands twice"));
  EXPECT_THAT(ErrorOf(absl::StrCat(kThree, "server.4=a:2888:4000\n")),
              HasSubstr("same host and port"));
  EXPECT_THAT(ErrorOf(absl::StrCat(kLone, "server.0=a:1:2\n")), HasSubstr("N from 1 to 255"));
}

TEST(ConfigTest, RefusesTheDirectoryOfAZooKeeper) {
  const auto directory = std::filesystem::path(testing::TempDir()) / "theirs";
  std::filesystem::create_directories(directory / "version-2");
  std::ofstream(directory / "zoo.cfg") << "dataDir=" << directory.string() << "\nclientPort=2181\n";
  const auto config = LoadConfig((directory / "zoo.cfg").string());
  EXPECT_THAT(std::string(config.status().message()),
              HasSubstr("version-2 holds the data of a ZooKeeper"));
  std::filesystem::remove_all(directory);
}

TEST(ConfigTest, SaysThatAFileIsMissing) {
  EXPECT_THAT(std::string(LoadConfig("/nowhere/zoo.cfg").status().message()),
              HasSubstr("/nowhere/zoo.cfg: expected a configuration file"));
}

TEST(ServerLineTest, PrintsWhatItReads) {
  for (const char* line :
       {"a:1:2:participant;2181", "[::1]:1:2:participant", "a:1:2:participant;h:5"}) {
    EXPECT_EQ(FormatServerLine(ParseServerLine(4, line).value()), absl::StrCat("server.4=", line));
  }
  for (const char* bad :
       {"", "a", "a:1", "a:1:x", "a:1:1", "a:0:2", ":1:2", "[::1:1:2", "a:1:2:boss"}) {
    EXPECT_FALSE(ParseServerLine(4, bad).ok()) << bad;
  }
}

TEST(ExampleTest, ExplainsEveryKeyAndIsAccepted) {
  std::ifstream in(ROOKERY_EXAMPLE);
  std::stringstream text;
  text << in.rdbuf();
  const std::string example = text.str();
  for (const std::string& key : KnownKeys())
    EXPECT_THAT(example, HasSubstr(absl::StrCat(key, "=")));
  const auto config = Parse(example);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_THAT(config->warnings, ElementsAre());
  // With every line switched on it is accepted too.
  std::string all;
  for (absl::string_view line : absl::StrSplit(example, '\n')) {
    if (absl::StartsWith(line, "#") && !absl::StartsWith(line, "# ")) line.remove_prefix(1);
    absl::StrAppend(&all, line, "\n");
  }
  const auto everything = Parse(all);
  ASSERT_TRUE(everything.ok()) << everything.status();
  EXPECT_THAT(everything->warnings, ElementsAre());
}

TEST(ConfigTest, NumbersThatWouldNotFitOnceMultipliedAreRefused) {
  EXPECT_THAT(ErrorOf(absl::StrCat(kLone, "tickTime=2147483647")),
              HasSubstr("from 10 to 86400000, found '2147483647'"));
  EXPECT_THAT(ErrorOf(absl::StrCat(kLone, "syncLimit=2147483647")),
              HasSubstr("found '2147483647'"));
  EXPECT_THAT(ErrorOf(absl::StrCat(kLone, "memoryBudget=17179869185g")),
              HasSubstr("expected bytes"));
  const auto config = Parse(absl::StrCat(kLone, "tickTime=86400000\nsyncLimit=1000000\n"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->max_session_timeout_ms, 1'728'000'000);
}

}  // namespace
}  // namespace rookery::config
