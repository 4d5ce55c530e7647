#include "coordinator/wire/zookeeper/reply.h"

#include <gtest/gtest.h>

#include <limits>

#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/request.h"
#include "tests/unit/wire/hex.h"
#include "tests/unit/wire/zookeeper/random_values.h"

namespace rookery::wire {
namespace {

using model::ErrorCode;
using model::OpCode;

std::string PayloadOf(const model::Reply& reply) {
  std::string frame;
  EncodeReply(9, reply, &frame);
  return frame.substr(4);
}

void ExpectRoundTrip(OpCode opcode, model::ReplyBody body) {
  const model::Reply reply{ErrorCode::kOk, 0x100000007, std::move(body)};
  const std::string payload = PayloadOf(reply);
  const auto decoded = DecodeReply(payload, opcode);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, reply);
  for (size_t length = 0; length < payload.size(); ++length) {
    EXPECT_FALSE(DecodeReply(absl::string_view(payload).substr(0, length), opcode).ok()) << length;
  }
}

TEST(ReplyTest, EveryBodyComesBackAsItWas) {
  Random random(4);
  const model::Stat stat = RandomStat(&random);
  ExpectRoundTrip(OpCode::kDelete, model::EmptyReply());
  ExpectRoundTrip(OpCode::kCreate, model::CreateReply{"/a", {}, false});
  ExpectRoundTrip(OpCode::kCreate2, model::CreateReply{"/a", stat, true});
  ExpectRoundTrip(OpCode::kExists, model::StatReply{stat});
  ExpectRoundTrip(OpCode::kSetData, model::StatReply{stat});
  ExpectRoundTrip(OpCode::kSetAcl, model::StatReply{stat});
  ExpectRoundTrip(OpCode::kGetData, model::DataReply{"data", stat});
  ExpectRoundTrip(OpCode::kGetData, model::DataReply{std::nullopt, stat});
  ExpectRoundTrip(OpCode::kGetData, model::DataReply{"", stat});
  ExpectRoundTrip(OpCode::kGetAcl, model::AclReply{{{31, {"world", "anyone"}}}, stat});
  ExpectRoundTrip(OpCode::kGetChildren, model::ChildrenReply{{"a", "b"}, {}, false});
  ExpectRoundTrip(OpCode::kGetChildren, model::ChildrenReply{{}, {}, false});
  ExpectRoundTrip(OpCode::kGetChildren2, model::ChildrenReply{{"a", "b"}, stat, true});
  ExpectRoundTrip(OpCode::kSync, model::SyncReply{"/a"});
}

TEST(ReplyTest, EveryMultiComesBackAsItWas) {
  Random random(5);
  for (int i = 0; i < 300; ++i) {
    model::MultiReply multi;
    for (uint64_t n = random.Below(6); n > 0; --n) multi.parts.push_back(RandomPart(&random));
    ExpectRoundTrip(OpCode::kMulti, multi);
  }
}

TEST(ReplyTest, ErrorHasNoBody) {
  const std::string payload = PayloadOf({ErrorCode::kNoNode, 5, {}});
  EXPECT_EQ(ToHexText(payload), "000000090000000000000005ffffff9b");
  const auto decoded = DecodeReply(payload, OpCode::kGetData);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->error, ErrorCode::kNoNode);
}

TEST(ReplyTest, StatIsSixtyEightBytesInOrder) {
  model::Stat stat{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const std::string payload = PayloadOf({ErrorCode::kOk, 0, model::StatReply{stat}});
  EXPECT_EQ(payload.size(), kReplyHeaderBytes + 68);
  EXPECT_EQ(ToHexText(payload.substr(kReplyHeaderBytes)),
            ToHexText(FromHex("0000000000000001 0000000000000002 0000000000000003"
                              "0000000000000004 00000005 00000006 00000007 0000000000000008"
                              "00000009 0000000a 000000000000000b")));
}

TEST(ReplyTest, CreatesWithStatInAMultiAreOfTypeFifteen) {
  model::MultiReply multi;
  multi.parts.push_back(
      {model::MultiReply::Part::Kind::kCreate, ErrorCode::kOk, model::CreateReply{"/a", {}, true}});
  const std::string payload = PayloadOf({ErrorCode::kOk, 1, multi});
  EXPECT_EQ(ToHexText(payload.substr(kReplyHeaderBytes, 9)), "0000000f0000000000");
}

TEST(EventTest, UnknownTypesAreRefused) {
  EXPECT_FALSE(
      DecodeEvent(FromHex("ffffffff ffffffffffffffff 00000000 00000005 00000003 00000000")).ok());
  EXPECT_TRUE(
      DecodeEvent(FromHex("ffffffff ffffffffffffffff 00000000 00000004 00000003 00000000")).ok());
}

TEST(HandshakeTest, AnyBytesBackAndForth) {
  Random random(6);
  for (int i = 0; i < 500; ++i) {
    ConnectRequest request{static_cast<int32_t>(random.Next()),
                           static_cast<int64_t>(random.Next()),
                           RandomInt(&random),
                           static_cast<int64_t>(random.Next()),
                           std::string(16, static_cast<char>(random.Next())),
                           false,
                           random.Chance(0.5)};
    request.read_only = request.has_read_only && random.Chance(0.5);
    std::string frame;
    EncodeConnectRequest(request, &frame);
    const auto decoded = DecodeConnectRequest(absl::string_view(frame).substr(4));
    ASSERT_TRUE(decoded.ok());
    ASSERT_EQ(*decoded, request);
    for (size_t length = 0; length < 44; ++length) {
      ASSERT_FALSE(DecodeConnectRequest(absl::string_view(frame).substr(4, length)).ok());
    }
  }
}

TEST(HandshakeTest, NullPasswordIsTolerated) {
  const auto decoded =
      DecodeConnectRequest(FromHex("00000007 0000000000000000 00002710 0000000000000000 ffffffff"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->protocol_version, 7);
  EXPECT_EQ(decoded->password, "");
  EXPECT_FALSE(decoded->has_read_only);
}

// Garbage must be refused or decoded, never crash; what decodes must encode.
TEST(GarbageTest, NoDecoderCrashes) {
  Random random(8);
  const OpCode opcodes[] = {OpCode::kCreate,       OpCode::kCreate2, OpCode::kGetData,
                            OpCode::kGetAcl,       OpCode::kMulti,   OpCode::kGetChildren,
                            OpCode::kGetChildren2, OpCode::kSync,    OpCode::kSetData};
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes;
    if (random.Chance(0.3)) {
      bytes = RandomBytes(&random, 80);
    } else {
      if (random.Chance(0.5)) {
        EncodeRequest(1, RandomWrite(&random), &bytes);
      } else {
        EncodeRequest(1, RandomRead(&random), &bytes);
      }
      bytes.erase(0, 4);
      for (uint64_t n = 1 + random.Below(4); n > 0; --n) {
        bytes[random.Below(bytes.size())] = static_cast<char>(random.Next());
      }
    }
    std::string out;
    if (const auto request = DecodeRequest(bytes)) {
      if (const auto* write = std::get_if<model::WriteOperation>(&request->body)) {
        EncodeRequest(request->xid, *write, &out);
      } else if (const auto* read = std::get_if<model::ReadOperation>(&request->body)) {
        EncodeRequest(request->xid, *read, &out);
      }
    }
    (void)DecodeEvent(bytes);
    (void)DecodeConnectRequest(bytes);
    (void)DecodeConnectResponse(bytes);
    for (const OpCode opcode : opcodes) {
      const auto reply = DecodeReply(bytes, opcode);
      if (reply.ok()) EncodeReply(1, *reply, &out);
    }
  }
}

}  // namespace
}  // namespace rookery::wire
