// Numbers are those of the checklist in zookeeper-protocol section 9.
#include "coordinator/frontend/zookeeper/client_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "tests/unit/frontend_zookeeper/raw_client.h"

namespace rookery::frontend {
namespace {

using model::ErrorCode;
using service::Create;
using service::Get;
using service::Set;
using testing::HasSubstr;

class ClientConnectionTest : public testing::Test {
 protected:
  ClientConnectionTest() { world_.Settle(1); }

  service::World world_{1};
};

std::string Hex(absl::string_view hex) { return absl::HexStringToBytes(hex); }

TEST_F(ClientConnectionTest, AnswersTheLengthOfHandshakeThatWasAsked) {  // 1
  RawClient modern(&world_, 1);
  modern.Connect({.timeout_ms = 10'000, .has_read_only = true});
  EXPECT_EQ(modern.Frame().size(), 37u);
  RawClient old(&world_, 1);
  old.Connect({.timeout_ms = 10'000, .has_read_only = false});
  EXPECT_EQ(old.Frame().size(), 36u);
}

TEST_F(ClientConnectionTest, ClampsTheTimeout) {  // 2, 3
  for (const auto& [asked, granted] :
       {std::pair(1, 4000), std::pair(-5, 4000), std::pair(1'000'000'000, 40'000)}) {
    RawClient client(&world_, 1);
    client.Connect({.protocol_version = 7, .timeout_ms = asked});
    const wire::ConnectResponse response = client.Session();
    EXPECT_EQ(response.timeout_ms, granted);
    EXPECT_NE(response.session, 0);
    EXPECT_EQ(response.password.size(), 16u);
  }
}

TEST_F(ClientConnectionTest, ReconnectsWithoutTakingAZxid) {  // 6, 10
  RawClient first(&world_, 1);
  first.Connect();
  const wire::ConnectResponse session = first.Session();
  const model::Zxid before = world_[1].service().LastZxid();
  RawClient second(&world_, 1);
  second.Connect({.last_zxid_seen = before,
                  .timeout_ms = 20'000,
                  .session = session.session,
                  .password = session.password});
  const wire::ConnectResponse again = second.Session();
  EXPECT_EQ(again.session, session.session);
  EXPECT_EQ(again.password, session.password);
  EXPECT_EQ(again.timeout_ms, 20'000);
  EXPECT_EQ(world_[1].service().LastZxid(), before);
  EXPECT_TRUE(first.WaitForEnd());
  EXPECT_FALSE(second.ended);
}

TEST_F(ClientConnectionTest, RefusesAWrongPasswordWithZerosAndLetsTheOldConnectionBe) {  // 7, 8
  RawClient first(&world_, 1);
  first.Connect();
  const wire::ConnectResponse session = first.Session();
  for (const model::SessionId id : {session.session, session.session + 99}) {
    RawClient thief(&world_, 1);
    thief.Connect(
        {.timeout_ms = 10'000, .session = id, .password = std::string("0123456789abcdef")});
    const wire::ConnectResponse refused = thief.Session();
    EXPECT_EQ(refused.session, 0);
    EXPECT_EQ(refused.timeout_ms, 0);
    EXPECT_EQ(refused.password, std::string(16, '\0'));
    EXPECT_TRUE(thief.ended);
  }
  EXPECT_FALSE(first.ended);
}

TEST_F(ClientConnectionTest, ClosesInSilenceOnAClientFromTheFuture) {  // 9
  const model::Zxid zxid = world_[1].service().LastZxid();
  RawClient future(&world_, 1);
  future.Connect({.last_zxid_seen = zxid + 1, .timeout_ms = 10'000});
  EXPECT_TRUE(future.WaitForEnd());
  EXPECT_EQ(future.raw, "");
  RawClient present(&world_, 1);
  present.Connect({.last_zxid_seen = zxid, .timeout_ms = 10'000});
  const wire::ConnectResponse session = present.Session();
  EXPECT_NE(session.session, 0);
  RawClient moved(&world_, 1);
  moved.Connect({.last_zxid_seen = world_[1].service().LastZxid() + 1,
                 .timeout_ms = 10'000,
                 .session = session.session,
                 .password = session.password});
  EXPECT_TRUE(moved.WaitForEnd());
  EXPECT_EQ(moved.raw, "");
}

TEST_F(ClientConnectionTest, AnswersWhatWasPipelinedBehindTheHandshake) {  // 11, 16
  std::string bytes;
  wire::EncodeConnectRequest({.timeout_ms = 10'000}, &bytes);
  wire::EncodeRequest(1, model::WriteOperation(Create("/a", "x")), &bytes);
  wire::EncodeRequest(2, model::ReadOperation(Get("/a")), &bytes);
  RawClient client(&world_, 1);
  for (const char byte : bytes) client.Bytes(absl::string_view(&byte, 1));
  EXPECT_NE(client.Session().session, 0);
  EXPECT_EQ(client.Header().xid, 1);
  EXPECT_EQ(client.Header().xid, 2);
}

TEST_F(ClientConnectionTest, AnswersAThousandFramesOfOneSegmentInOrderAndInFewWrites) {  // 16
  RawClient client(&world_, 1);
  client.Opened();
  const int before = client.writes;
  std::string bytes;
  for (int i = 1; i <= 1000; ++i) {
    if (i % 2 == 0) {
      wire::EncodeRequest(i, model::ReadOperation(Get("/")), &bytes);
    } else {
      wire::EncodeRequest(i, model::WriteOperation(Set("/", "x")), &bytes);
    }
  }
  client.Bytes(bytes);
  for (int i = 1; i <= 1000; ++i) ASSERT_EQ(client.Header().xid, i);
  EXPECT_LT(client.writes - before, 20);
}

TEST_F(ClientConnectionTest, ClosesOnAFrameThatIsTooLongOrNegative) {  // 12, 13
  for (const char* length : {"00100000", "ffffffff", "47455420"}) {
    RawClient client(&world_, 1);
    client.Bytes(Hex(length));
    EXPECT_TRUE(client.ended) << length;
    EXPECT_EQ(client.raw, "");
  }
  RawClient client(&world_, 1);
  client.Bytes(Hex("000fffff"));
  EXPECT_FALSE(client.ended);
}

TEST_F(ClientConnectionTest, EndsAConnectionWithoutAHandshakeAfterTenSeconds) {  // 14
  RawClient client(&world_, 1);
  world_.core.RunFor(9'000'000);
  client.connection->Tick();
  EXPECT_FALSE(client.ended);
  world_.core.RunFor(1'100'000);
  client.connection->Tick();
  EXPECT_TRUE(client.ended);
  EXPECT_EQ(client.traffic.sessionless_expired, 1u);
}

TEST_F(ClientConnectionTest, AnswersAPing) {  // 17
  RawClient client(&world_, 1);
  client.Opened();
  client.Bytes(Hex("00000008fffffffe0000000b"));
  const wire::ReplyHeader header = client.Header();
  EXPECT_EQ(header.xid, -2);
  EXPECT_EQ(header.error, ErrorCode::kOk);
  EXPECT_EQ(header.zxid, world_[1].service().LastZxid());
  client.Bytes(Hex("00000008000000070000000b"));
  EXPECT_EQ(client.Header().xid, -2) << "whatever number the ping has";
}

TEST_F(ClientConnectionTest, AnswersANullPathAsZooKeeperDoes) {  // 21
  RawClient client(&world_, 1);
  client.Opened();
  for (const auto& [frame, error] :
       {std::pair("0000000d 00000001 00000003 ffffffff 00", ErrorCode::kMarshallingError),
        std::pair("00000010 00000002 00000002 ffffffff ffffffff", ErrorCode::kMarshallingError),
        std::pair("00000014 00000003 00000005 ffffffff 00000000 ffffffff",
                  ErrorCode::kBadArguments),
        std::pair("0000002b 00000004 00000007 ffffffff 00000001 0000001f 00000005 776f726c64"
                  "00000006 616e796f6e65 ffffffff",
                  ErrorCode::kBadArguments),
        std::pair("0000000c 00000005 00000009 ffffffff", ErrorCode::kOk)}) {
    client.Bytes(Hex(absl::StrReplaceAll(frame, {{" ", ""}})));
    EXPECT_EQ(client.Header().error, error) << frame;
  }
}

TEST_F(ClientConnectionTest, RefusesUnknownOpcodesAndCloses) {  // 18
  for (const char* opcode : {"000003e7", "00000000", "0000000a", "0000000d"}) {
    RawClient client(&world_, 1);
    client.Opened();
    client.AskWrite(1, Create("/before", ""));
    client.Bytes(Hex("0000000800000005" + std::string(opcode)));
    EXPECT_EQ(client.Header().xid, 1) << "earlier requests are answered first";
    const wire::ReplyHeader header = client.Header();
    EXPECT_EQ(header.xid, 5);
    EXPECT_EQ(header.error, ErrorCode::kUnimplemented);
    EXPECT_EQ(header.zxid, -1);
    EXPECT_TRUE(client.WaitForEnd());
  }
}

TEST_F(ClientConnectionTest, RefusesAClientsDeleteContainerAndStays) {  // as 3.8 does
  RawClient client(&world_, 1);
  client.Opened();
  client.Bytes(Hex("000000080000000500000014"));
  const wire::ReplyHeader header = client.Header();
  EXPECT_EQ(header.xid, 5);
  EXPECT_EQ(header.error, ErrorCode::kBadArguments);
  client.AskRead(8, Get("/"));
  EXPECT_EQ(client.Header().xid, 8);
}

TEST_F(ClientConnectionTest, AnswersOperationsThatAreNotBuiltAndStays) {
  RawClient client(&world_, 1);
  client.Opened();
  client.Bytes(Hex("000000080000000700000016"));  // multiRead
  const wire::ReplyHeader header = client.Header();
  EXPECT_EQ(header.xid, 7);
  EXPECT_EQ(header.error, ErrorCode::kUnimplemented);
  client.AskRead(8, Get("/"));
  EXPECT_EQ(client.Header().error, ErrorCode::kOk);
}

TEST_F(ClientConnectionTest, AnswersAMalformedBodyInItsTurnAndStays) {  // 19, 21
  RawClient client(&world_, 1);
  client.Opened();
  client.AskWrite(1, Create("/a", ""));
  client.Bytes(
      Hex("0000000e"
          "00000002"
          "00000004"
          "00000002"
          "2f61"));  // getData, no watch byte
  client.Bytes(
      Hex("0000000d"
          "00000003"
          "00000004"
          "ffffffff"
          "00"));  // getData of null
  client.AskRead(4, Get("/a"));
  EXPECT_EQ(client.Header().xid, 1);
  for (const int32_t xid : {2, 3}) {
    const wire::ReplyHeader header = client.Header();
    EXPECT_EQ(header.xid, xid);
    EXPECT_EQ(header.error, ErrorCode::kMarshallingError);
  }
  EXPECT_EQ(client.Header().error, ErrorCode::kOk);
}

TEST_F(ClientConnectionTest, AWriteThatCannotBeReadTakesItsZxid) {
  RawClient client(&world_, 1);
  client.Opened();
  client.AskWrite(1, Create("/a", ""));
  const model::Zxid before = client.Header().zxid;
  // A create without a path, a multi without its end.
  for (const char* frame : {"0000000c00000002 00000001 ffffffff", "00000008 00000003 0000000e"}) {
    client.Bytes(Hex(absl::StrReplaceAll(frame, {{" ", ""}})));
  }
  for (const int64_t later : {1, 2}) {
    const wire::ReplyHeader header = client.Header();
    EXPECT_EQ(header.error, ErrorCode::kMarshallingError);
    EXPECT_EQ(header.zxid, before + later);
  }
  client.AskRead(4, Get("/a"));
  EXPECT_EQ(client.Header().error, ErrorCode::kOk);
}

TEST_F(ClientConnectionTest, AuthenticatesAtOnceAndKeepsTheIdentity) {  // 22, 98, 101, 105
  ZooKeeperRules rules;
  rules.identity.super_digest = "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=";
  RawClient client(&world_, 1, rules);
  client.Opened();
  model::CreateRequest request = Create("/mine", "");
  request.acl = {{model::kAll, {"auth", ""}}};
  client.AskWrite(1, request);
  EXPECT_EQ(client.Header().error, ErrorCode::kInvalidAcl);
  client.Ask(7, wire::AuthRequest{"digest", "user:pass"});
  const wire::ReplyHeader auth = client.Header();
  EXPECT_EQ(auth.xid, 7);
  EXPECT_EQ(auth.zxid, 0);
  EXPECT_EQ(auth.error, ErrorCode::kOk);
  client.Ask(-4, wire::AuthRequest{"ip", "whatever"});
  EXPECT_EQ(client.Header().error, ErrorCode::kOk) << "everybody has one already";
  client.AskWrite(2, request);
  EXPECT_EQ(client.Header().error, ErrorCode::kOk);

  RawClient super(&world_, 1, rules);
  super.Opened();
  super.AskRead(1, Get("/mine"));
  EXPECT_EQ(super.Header().error, ErrorCode::kNoAuth);
  super.Ask(-4, wire::AuthRequest{"digest", "super:admin"});
  EXPECT_EQ(super.Header().xid, -4);
  super.AskRead(2, Get("/mine"));
  EXPECT_EQ(super.Header().error, ErrorCode::kOk);

  RawClient unknown(&world_, 1, rules);
  unknown.Opened();
  unknown.Ask(-4, wire::AuthRequest{"world", "anyone"});
  const wire::ReplyHeader refused = unknown.Header();
  EXPECT_EQ(refused.error, ErrorCode::kAuthFailed);
  EXPECT_EQ(refused.zxid, 0);
  EXPECT_TRUE(unknown.ended);
}

TEST_F(ClientConnectionTest, ClosesAfterTheAnswerToCloseAndIgnoresTheRest) {  // 91
  RawClient client(&world_, 1);
  client.Opened();
  client.AskWrite(1, Create("/e", "", model::kEphemeral));
  client.AskWrite(2, model::CloseSessionRequest());
  client.AskWrite(3, Create("/later", ""));
  EXPECT_EQ(client.Header().xid, 1);
  EXPECT_EQ(client.Header().xid, 2);
  EXPECT_TRUE(client.WaitForEnd());
  EXPECT_EQ(client.input.Rest(), "");
  RawClient other(&world_, 1);
  other.Opened();
  other.AskRead(1, Get("/e"));
  other.AskRead(2, Get("/later"));
  EXPECT_EQ(other.Header().error, ErrorCode::kNoNode);
  EXPECT_EQ(other.Header().error, ErrorCode::kNoNode);
}

TEST_F(ClientConnectionTest, AnswersAllowedWordsAndRefusesOthers) {  // 111 to 113, 119
  RawClient ruok(&world_, 1);
  ruok.Bytes("ruok\n");
  EXPECT_EQ(ruok.raw, "imok");
  EXPECT_TRUE(ruok.ended);
  RawClient stat(&world_, 1);
  stat.Bytes("stat");
  EXPECT_EQ(stat.raw, "stat is not executed because it is not in the whitelist.\n");
  RawClient srvr(&world_, 1);
  srvr.Bytes("srvr");
  EXPECT_THAT(srvr.raw, HasSubstr("\nMode: standalone\n"));
  EXPECT_THAT(srvr.raw, HasSubstr("\nNode count: 5\n"));
}

TEST_F(ClientConnectionTest, TakesTheMaskBehindItsWordHoweverItComes) {
  RawClient client(&world_, 1);
  client.Bytes("stm");
  client.Bytes(std::string("k\0\0\0\0\0\0\1", 8));
  EXPECT_FALSE(client.ended);
  client.connection->OnDrained();
  EXPECT_FALSE(client.ended);
  client.Bytes("\2");
  EXPECT_EQ(client.raw, "258");
  EXPECT_TRUE(client.ended);
}

TEST_F(ClientConnectionTest, ReadsNoMoreFromAClientThatTakesNoAnswers) {
  RawClient client(&world_, 1);
  client.Opened();
  client.queued = limits::kConnectionOutputBytesPause + 1;
  client.AskRead(1, Get("/"));
  EXPECT_TRUE(client.paused);
  world_.core.RunFor(10'000);
  EXPECT_EQ(client.input.Rest(), "");
  client.queued = 0;
  client.connection->OnDrained();
  EXPECT_EQ(client.Header().xid, 1);
  EXPECT_FALSE(client.paused);
}

TEST_F(ClientConnectionTest, TakesNoMoreThanItsShareOfWritesAtOnce) {
  RawClient client(&world_, 1);
  client.Opened();
  world_.ensemble.commits = false;
  std::string bytes;
  const std::string data(900'000, 'x');
  for (int i = 1; i <= 8; ++i) {
    wire::EncodeRequest(i, model::WriteOperation(Set("/", data)), &bytes);
  }
  client.Bytes(bytes);
  EXPECT_TRUE(client.paused);
  EXPECT_LT(world_[1].service().GetStatistics().outstanding_requests, 8u);
  world_.ensemble.commits = true;
  world_.ensemble.Append(consensus::Item::Kind::kConfiguration, "");
  for (int i = 1; i <= 8; ++i) ASSERT_EQ(client.Header().xid, i);
  EXPECT_FALSE(client.paused);
}

}  // namespace
}  // namespace rookery::frontend
