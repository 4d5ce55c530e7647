// Logins through a connection (zookeeper-protocol 5.6).
#include "coordinator/frontend/zookeeper/sasl_login.h"

#include <gtest/gtest.h>

#include "tests/unit/frontend_zookeeper/raw_client.h"
#include "tests/unit/sasl/formula.h"

namespace rookery::frontend {
namespace {

using model::ErrorCode;

class SaslConnectionTest : public testing::Test {
 protected:
  SaslConnectionTest() { world_.Settle(1); }

  static ZooKeeperRules Rules(SaslRules sasl) {
    ZooKeeperRules rules;
    rules.identity.sasl = std::make_shared<const SaslRules>(std::move(sasl));
    return rules;
  }

  struct Answer {
    wire::ReplyHeader header;
    model::Data token;
  };
  static Answer Ask(RawClient* client, int32_t xid, model::Data token) {
    client->Ask(xid, wire::SaslRequest{std::move(token)});
    const std::string frame = client->Frame();
    const absl::StatusOr<model::Data> answer = wire::DecodeSaslToken(frame);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return {*wire::DecodeReplyHeader(frame), *answer};
  }

  static Answer LogIn(RawClient* client, sasl::Proof proof = {}) {
    const Answer challenge = Ask(client, 1, "");
    EXPECT_EQ(challenge.header, (wire::ReplyHeader{1, 0, ErrorCode::kOk}));
    proof.nonce = sasl::Directive(challenge.token.value_or(""), "nonce");
    return Ask(client, 2, sasl::ClientToken(proof));
  }

  // Creates `path` with one ACL entry and says how it went.
  static ErrorCode CreateWith(RawClient* client, const std::string& path, model::AclEntry entry) {
    client->AskWrite(3, model::CreateRequest{.path = path, .acl = model::Acl{std::move(entry)}});
    return client->Header().error;
  }
  static ErrorCode Read(RawClient* client, const std::string& path) {
    client->AskRead(4, model::GetDataRequest{.path = path});
    return client->Header().error;
  }

  service::World world_{1};
  const SaslRules users_{.passwords = {{"kafka", "kafka-pw"}, {"root", "root-pw"}},
                         .super_users = {"root"}};
};

TEST_F(SaslConnectionTest, WhoLoggedInOwnsWhatOthersMayNotRead) {
  RawClient kafka(&world_, 1, Rules(users_));
  kafka.Opened();
  const Answer verdict = LogIn(&kafka);
  EXPECT_EQ(verdict.header, (wire::ReplyHeader{2, 0, ErrorCode::kOk}));
  EXPECT_EQ(verdict.token->substr(0, 8), "rspauth=");
  EXPECT_EQ(CreateWith(&kafka, "/mine", {model::kAll, {"auth", ""}}), ErrorCode::kOk);
  EXPECT_EQ(Read(&kafka, "/mine"), ErrorCode::kOk);
  RawClient stranger(&world_, 1, Rules(users_));
  stranger.Opened();
  EXPECT_EQ(Read(&stranger, "/mine"), ErrorCode::kNoAuth);
  EXPECT_EQ(CreateWith(&stranger, "/auth", {model::kAll, {"auth", ""}}), ErrorCode::kInvalidAcl);
  // An ACL may name a user whoever writes it.
  EXPECT_EQ(CreateWith(&stranger, "/theirs", {model::kAll, {"sasl", "kafka"}}), ErrorCode::kOk);
  EXPECT_EQ(Read(&kafka, "/theirs"), ErrorCode::kOk);
  RawClient root(&world_, 1, Rules(users_));
  root.Opened();
  LogIn(&root, {.user = "root", .password = "root-pw"});
  EXPECT_EQ(Read(&root, "/mine"), ErrorCode::kOk);
}

TEST_F(SaslConnectionTest, ARefusedLoginIsAnsweredAndEndsTheConnection) {
  RawClient client(&world_, 1, Rules(users_));
  client.Opened();
  const Answer verdict = LogIn(&client, {.password = "guessed"});
  EXPECT_EQ(verdict.header, (wire::ReplyHeader{2, 0, ErrorCode::kAuthFailed}));
  EXPECT_EQ(verdict.token, std::nullopt);
  EXPECT_TRUE(client.ended);
  EXPECT_EQ(client.traffic.auth_failed, 1u);
}

TEST_F(SaslConnectionTest, ARefusedLoginMayBeKept) {  // allowSaslFailedClients
  SaslRules rules = users_;
  rules.keeps_refused = true;
  RawClient client(&world_, 1, Rules(rules));
  client.Opened();
  const Answer verdict = LogIn(&client, {.password = "guessed"});
  EXPECT_EQ(verdict.header, (wire::ReplyHeader{2, 0, ErrorCode::kOk}));
  EXPECT_EQ(verdict.token, std::nullopt);
  EXPECT_EQ(CreateWith(&client, "/auth", {model::kAll, {"auth", ""}}), ErrorCode::kInvalidAcl);
  EXPECT_FALSE(client.ended);
}

TEST_F(SaslConnectionTest, WithoutUsersTheAnswerIsNull) {
  RawClient client(&world_, 1);
  client.Opened();
  const Answer answer = Ask(&client, 9, "");
  EXPECT_EQ(answer.header, (wire::ReplyHeader{9, 0, ErrorCode::kOk}));
  EXPECT_EQ(answer.token, std::nullopt);
  EXPECT_EQ(CreateWith(&client, "/sasl", {model::kAll, {"sasl", "kafka"}}), ErrorCode::kInvalidAcl);
  EXPECT_FALSE(client.ended);
}

}  // namespace
}  // namespace rookery::frontend
