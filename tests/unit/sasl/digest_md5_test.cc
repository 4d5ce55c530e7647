#include "coordinator/sasl/digest_md5.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coordinator/sasl/directives.h"
#include "tests/unit/sasl/formula.h"

namespace rookery::sasl {
namespace {

using ::testing::HasSubstr;

std::optional<std::string> PasswordOf(const std::string& user) {
  if (user == "kafka") return "kafka-pw";
  if (user == "k\xc3\xa4the") return "gr\xc3\xbc\xc3\x9f";
  return std::nullopt;
}

class DigestMd5ServerTest : public testing::Test {
 protected:
  // The challenge's nonce is filled into the proof.
  absl::StatusOr<Step> LogIn(Proof proof) {
    const absl::StatusOr<Step> challenge = server_.Take("");
    EXPECT_TRUE(challenge.ok()) << challenge.status();
    EXPECT_FALSE(challenge->done);
    challenge_ = challenge->token;
    if (proof.nonce.empty()) proof.nonce = Directive(challenge_, "nonce");
    sent_ = proof;
    return server_.Take(ClientToken(proof));
  }

  DigestMd5Server server_{PasswordOf};
  std::string challenge_;
  Proof sent_;
};

TEST(FormulaTest, IsThatOfJava) {  // zookeeper-protocol 10
  Proof proof{.nonce = "OA6MG9tEQGm2hh"};
  EXPECT_EQ(Response(proof, "AUTHENTICATE"), "576889d755c32af22ee777a3b76b4280");
  EXPECT_EQ(Response(proof, ""), "2110f33a8cd67bb865f02c6802c3b4a8");
  proof.authzid = "kafka";
  EXPECT_EQ(Response(proof, "AUTHENTICATE"), "87a934287324ba088aa43cc1414f2bf1");
  EXPECT_EQ(Response(proof, ""), "a37a9517b7c7c302ed77e0b34f1a75be");
}

TEST_F(DigestMd5ServerTest, AnswersAProofWithItsOwn) {
  const absl::StatusOr<Step> step = LogIn({});
  ASSERT_TRUE(step.ok()) << step.status();
  EXPECT_TRUE(step->done);
  EXPECT_EQ(step->token, absl::StrCat("rspauth=", Response(sent_, "")));
  EXPECT_EQ(server_.user(), "kafka");
  EXPECT_EQ(Directive(challenge_, "realm"), "zk-sasl-md5");
  EXPECT_THAT(challenge_, HasSubstr("algorithm=md5-sess"));
}

TEST_F(DigestMd5ServerTest, TakesAnAuthorizationIdAsJavaSendsIt) {
  const absl::StatusOr<Step> step = LogIn({.authzid = "kafka"});
  ASSERT_TRUE(step.ok()) << step.status();
  EXPECT_EQ(step->token, absl::StrCat("rspauth=", Response(sent_, "")));
}

TEST_F(DigestMd5ServerTest, KnowsTheUserByAuthenticationNotByAuthorization) {
  ASSERT_TRUE(LogIn({.authzid = "somebody"}).ok());
  EXPECT_EQ(server_.user(), "kafka");
}

TEST_F(DigestMd5ServerTest, HashesLatinLettersAsOneByteEach) {
  const absl::StatusOr<Step> challenge = server_.Take("");
  Proof proof{.user = "k\xe4the", .password = "gr\xfc\xdf"};
  proof.nonce = Directive(challenge->token, "nonce");
  std::string token = ClientToken(proof);
  token.replace(token.find("k\xe4the"), 5, "k\xc3\xa4the");  // as it travels
  const absl::StatusOr<Step> step = server_.Take(token);
  ASSERT_TRUE(step.ok()) << step.status();
  EXPECT_EQ(server_.user(), "k\xc3\xa4the");
}

TEST_F(DigestMd5ServerTest, DrawsAnotherNonceForEachLogin) {
  DigestMd5Server other(PasswordOf);
  EXPECT_NE(Directive(server_.Take("")->token, "nonce"), Directive(other.Take("")->token, "nonce"));
}

TEST(DigestMd5RefusalTest, RefusesWhatDoesNotProveIt) {
  const std::vector<std::pair<std::string, Proof>> cases = {
      {"password", {.password = "kafka-pw2"}},
      {"user", {.user = "nobody"}},
      {"realm", {.realm = "other"}},
      {"nonce", {.nonce = "OA6MG9tEQGm2hh"}},
      {"nc", {.nc = "00000002"}},
      {"qop", {.qop = "auth-int"}},
      {"service", {.uri = "imap/zk-sasl-md5"}},
      {"host", {.uri = "zookeeper/localhost"}},
      {"user twice", {.more = ",username=\"kafka\""}}};
  for (const auto& [name, wrong] : cases) {
    DigestMd5Server server(PasswordOf);
    Proof proof = wrong;
    const std::string challenge = server.Take("")->token;
    if (proof.nonce.empty()) proof.nonce = Directive(challenge, "nonce");
    EXPECT_TRUE(absl::IsUnauthenticated(server.Take(ClientToken(proof)).status())) << name;
    // It is over: the right one comes too late.
    EXPECT_FALSE(server.Take(ClientToken({.nonce = proof.nonce})).ok()) << name;
  }
}

// GNU SASL 2.2.0 reads through a null pointer where charset and realm are missing: whoever reached
// the port could end the server.
TEST(DigestMd5RefusalTest, AProofThatLacksADirectiveHarmsNobody) {
  for (const char* name : {"charset", "username", "realm", "nonce", "nc", "cnonce", "digest-uri",
                           "maxbuf", "response", "qop"}) {
    for (const bool charset : {true, false}) {
      DigestMd5Server server(PasswordOf);
      const std::string nonce = Directive(server.Take("")->token, "nonce");
      std::vector<std::string> kept;
      for (const auto part : absl::StrSplit(ClientToken({.nonce = nonce}), ',')) {
        const std::string text(part);
        if (text.rfind(absl::StrCat(name, "="), 0) == 0) continue;
        if (!charset && text == "charset=utf-8") continue;
        kept.push_back(text);
      }
      const bool needed = std::string(name) != "charset" && std::string(name) != "maxbuf" &&
                          std::string(name) != "qop";
      const absl::Status status = server.Take(absl::StrJoin(kept, ",")).status();
      if (needed) {
        EXPECT_TRUE(absl::IsUnauthenticated(status)) << name << ": " << status;
      }
    }
  }
}

TEST(DirectivesTest, ReadsWordsAndQuotedTexts) {
  const auto read = ReadDirectives(" Realm=\"a,\\\"b\" , nc = 1,qop=auth ");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, (Directives{{"realm", "a,\"b"}, {"nc", "1"}, {"qop", "auth"}}));
}

TEST(DirectivesTest, RefusesWhatTheLibraryMightReadInAnotherWay) {
  using std::string_literals::operator""s;
  for (const std::string& token :
       {""s, "a"s, "a="s, "=b"s, "a=b,"s, ",a=b"s, "a=b,,c=d"s, "a=\"b\";c=d"s, "a=\"b"s,
        "a=\"b\\"s, "a=b c"s, "a=b=c"s, "a=b,a=c"s, "a=b,A=c"s, "a=\"b\0\""s, "a=b\0,c=d"s}) {
    EXPECT_TRUE(absl::IsUnauthenticated(ReadDirectives(token).status())) << token;
  }
}

TEST_F(DigestMd5ServerTest, BeginsWhateverComesFirst) {
  const absl::StatusOr<Step> challenge = server_.Take("hello");
  ASSERT_TRUE(challenge.ok()) << challenge.status();
  EXPECT_TRUE(server_.Take(ClientToken({.nonce = Directive(challenge->token, "nonce")})).ok());
}

TEST_F(DigestMd5ServerTest, TakesNothingAfterTheLogin) {
  ASSERT_TRUE(LogIn({}).ok());
  EXPECT_TRUE(absl::IsUnauthenticated(server_.Take("").status()));
}

TEST(DigestMd5ClientTest, LogsInAtOurServer) {
  DigestMd5Server server(PasswordOf);
  DigestMd5Client client("kafka", "kafka-pw");
  const absl::StatusOr<Step> proof = client.Take(server.Take("")->token);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_FALSE(proof->done);
  const absl::StatusOr<Step> verdict = server.Take(proof->token);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  const absl::StatusOr<Step> end = client.Take(verdict->token);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_TRUE(end->done);
}

TEST(DigestMd5ClientTest, AnswersTheChallengeOfJava) {
  DigestMd5Client client("kafka", "kafka-pw");
  const absl::StatusOr<Step> proof = client.Take(
      "realm=\"zk-sasl-md5\",nonce=\"sV2ANM1v16zNlBN4zhPovWQzPUbo9w9jM//gLmgL\",charset=utf-8,"
      "algorithm=md5-sess");
  ASSERT_TRUE(proof.ok()) << proof.status();
  const Proof expected{.nonce = "sV2ANM1v16zNlBN4zhPovWQzPUbo9w9jM//gLmgL",
                       .cnonce = Directive(proof->token, "cnonce"),
                       .authzid = "kafka"};
  EXPECT_THAT(proof->token, HasSubstr(Response(expected, "AUTHENTICATE")));
  EXPECT_TRUE(client.Take(absl::StrCat("rspauth=", Response(expected, "")))->done);
}

TEST(DigestMd5ClientTest, RefusesAServerThatDoesNotKnowThePassword) {
  DigestMd5Server server(PasswordOf);
  DigestMd5Client client("kafka", "kafka-pw");
  ASSERT_TRUE(client.Take(server.Take("")->token).ok());
  EXPECT_FALSE(client.Take("rspauth=00000000000000000000000000000000").ok());
}

TEST(DigestMd5ClientTest, RefusesWhatIsNoChallenge) {
  for (const char* challenge : {"", "hello", "realm=\"x\"", "nonce=\"\""}) {
    DigestMd5Client client("kafka", "kafka-pw");
    EXPECT_FALSE(client.Take(challenge).ok()) << challenge;
  }
}

}  // namespace
}  // namespace rookery::sasl
