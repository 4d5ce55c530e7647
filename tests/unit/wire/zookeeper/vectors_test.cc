// The published test vectors of the protocol, byte for byte, in both directions.
#include <gtest/gtest.h>

#include "coordinator/wire/zookeeper/frame.h"
#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/reply.h"
#include "coordinator/wire/zookeeper/request.h"
#include "tests/unit/wire/hex.h"

namespace rookery::wire {
namespace {

using model::ErrorCode;
using model::OpCode;

// The payload of a whole frame.
absl::string_view Payload(absl::string_view frame) { return frame.substr(4); }

TEST(VectorsTest, ConnectRequestOfANewSession) {
  const std::string bytes = FromHex(
      "0000002d 00000000 0000000000000000 00002710 0000000000000000 00000010"
      "00000000000000000000000000000000 00");
  ConnectRequest request;
  request.timeout_ms = 10000;
  std::string out;
  EncodeConnectRequest(request, &out);
  EXPECT_EQ(ToHexText(out), ToHexText(bytes));

  const auto decoded = DecodeConnectRequest(Payload(bytes));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->timeout_ms, 10000);
  EXPECT_EQ(decoded->session, 0);
  EXPECT_TRUE(decoded->has_read_only);
  EXPECT_EQ(decoded->password, std::string(16, '\0'));
}

TEST(VectorsTest, ConnectResponse) {
  const std::string bytes = FromHex(
      "00000025 00000000 00002710 0100000000000000 00000010 f22acd4a97e69d6d20a49bb638eadb38 00");
  const ConnectResponse response{.timeout_ms = 10000,
                                 .session = 0x0100000000000000,
                                 .password = FromHex("f22acd4a97e69d6d20a49bb638eadb38"),
                                 .read_only = false};
  std::string out;
  EncodeConnectResponse(response, true, &out);
  EXPECT_EQ(ToHexText(out), ToHexText(bytes));
  const auto decoded = DecodeConnectResponse(Payload(bytes));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, response);
}

TEST(VectorsTest, RefusedSessionHasZerosAndSixteenBytesOfPassword) {
  std::string out;
  EncodeConnectResponse(ConnectResponse(), true, &out);
  EXPECT_EQ(ToHexText(out), ToHexText(FromHex("00000025 00000000 00000000 0000000000000000 00000010"
                                              "00000000000000000000000000000000 00")));
}

TEST(VectorsTest, FortyFourByteRequestIsAnsweredWithoutReadOnly) {
  ConnectRequest request;
  request.has_read_only = false;
  std::string out;
  EncodeConnectRequest(request, &out);
  EXPECT_EQ(out.size(), 4u + 44u);
  const auto decoded = DecodeConnectRequest(Payload(out));
  ASSERT_TRUE(decoded.ok());
  EXPECT_FALSE(decoded->has_read_only);
  out.clear();
  EncodeConnectResponse(ConnectResponse(), decoded->has_read_only, &out);
  EXPECT_EQ(out.size(), 4u + 36u);
}

TEST(VectorsTest, Ping) {
  const std::string bytes = FromHex("00000008 fffffffe 0000000b");
  std::string out;
  EncodeRequest(kPingXid, model::ReadOperation(model::PingRequest()), &out);
  EXPECT_EQ(ToHexText(out), ToHexText(bytes));
  const auto request = DecodeRequest(Payload(bytes));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->xid, kPingXid);

  out.clear();
  EncodeReply(kPingXid, model::Reply{.zxid = 5}, &out);
  EXPECT_EQ(ToHexText(out), ToHexText(FromHex("00000010 fffffffe 0000000000000005 00000000")));
}

TEST(VectorsTest, Create) {
  const std::string bytes = FromHex(
      "00000032 00000001 00000001 00000002 2f61 00000001 78 00000001 0000001f 00000005 776f726c64"
      "00000006 616e796f6e65 00000000");
  const model::CreateRequest create{
      .path = "/a", .data = "x", .acl = model::Acl{{31, {"world", "anyone"}}}};
  std::string out;
  EncodeRequest(1, model::WriteOperation(create), &out);
  EXPECT_EQ(ToHexText(out), ToHexText(bytes));
  const auto request = DecodeRequest(Payload(bytes));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->xid, 1);
  EXPECT_EQ(std::get<model::CreateRequest>(std::get<model::WriteOperation>(request->body)), create);

  const std::string reply_bytes =
      FromHex("00000016 00000001 0000000000000002 00000000 00000002 2f61");
  const model::Reply reply{.zxid = 2, .body = model::CreateReply{.path = "/a"}};
  out.clear();
  EncodeReply(1, reply, &out);
  EXPECT_EQ(ToHexText(out), ToHexText(reply_bytes));
  const auto decoded = DecodeReply(Payload(reply_bytes), OpCode::kCreate);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, reply);
}

TEST(VectorsTest, NodeDataChanged) {
  const std::string bytes =
      FromHex("0000001e ffffffff 0000000000000003 00000000 00000003 00000003 00000002 2f61");
  const model::Event event{model::EventType::kNodeDataChanged, "/a", 3};
  std::string out;
  EncodeEvent(event, &out);
  EXPECT_EQ(ToHexText(out), ToHexText(bytes));
  const auto decoded = DecodeEvent(Payload(bytes));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, event);
}

TEST(VectorsTest, FailedMultiOfThree) {
  const std::string bytes = FromHex(
      "00000040 00000002 0000000000000004 00000000 | ffffffff 00 00000000 00000000 |"
      "ffffffff 00 ffffff9b ffffff9b | ffffffff 00 fffffffe fffffffe | ffffffff 01 ffffffff");
  model::MultiReply multi;
  for (const ErrorCode error :
       {ErrorCode::kOk, ErrorCode::kNoNode, ErrorCode::kRuntimeInconsistency}) {
    multi.parts.push_back({.error = error});
  }
  const model::Reply reply{.zxid = 4, .body = multi};
  std::string out;
  EncodeReply(2, reply, &out);
  EXPECT_EQ(ToHexText(out), ToHexText(bytes));
  const auto decoded = DecodeReply(Payload(bytes), OpCode::kMulti);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, reply);
}

}  // namespace
}  // namespace rookery::wire
