#include "coordinator/wire/zookeeper/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/model/operations.h"
#include "coordinator/wire/zookeeper/jute.h"
#include "tests/unit/wire/hex.h"
#include "tests/unit/wire/zookeeper/random_values.h"

namespace rookery::wire {
namespace {

std::optional<DecodedRequest> Decode(const std::string& hex) { return DecodeRequest(FromHex(hex)); }

BadRequest BadnessOf(const std::string& hex) {
  const auto request = Decode(hex);
  EXPECT_TRUE(request.has_value());
  EXPECT_TRUE(std::holds_alternative<BadRequest>(request->body));
  return std::get<BadRequest>(request->body);
}

TEST(RequestTest, WritesComeBackAsTheyWere) {
  Random random(1);
  for (int i = 0; i < 3000; ++i) {
    const model::WriteOperation operation = RandomWrite(&random);
    const auto xid = static_cast<int32_t>(random.Next());
    std::string frame;
    EncodeRequest(xid, operation, &frame);
    const auto decoded = DecodeRequest(absl::string_view(frame).substr(4));
    ASSERT_TRUE(decoded.has_value());
    ASSERT_EQ(decoded->xid, xid);
    ASSERT_EQ(std::get<model::WriteOperation>(decoded->body), operation) << "in round " << i;
  }
}

TEST(RequestTest, ReadsComeBackAsTheyWere) {
  Random random(2);
  for (int i = 0; i < 3000; ++i) {
    const model::ReadOperation operation = RandomRead(&random);
    std::string first;
    EncodeRequest(5, operation, &first);
    const auto decoded = DecodeRequest(absl::string_view(first).substr(4));
    ASSERT_TRUE(decoded.has_value());
    const auto& read = std::get<model::ReadOperation>(decoded->body);
    ASSERT_EQ(read.index(), operation.index());
    std::string second;
    EncodeRequest(5, read, &second);
    ASSERT_EQ(first, second);
  }
}

TEST(RequestTest, AuthComesBackAsItWas) {
  std::string frame;
  EncodeRequest(kAuthXid, AuthRequest{"digest", "user:pass"}, &frame);
  const auto decoded = DecodeRequest(absl::string_view(frame).substr(4));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(std::get<AuthRequest>(decoded->body), (AuthRequest{"digest", "user:pass"}));
}

TEST(RequestTest, ALoginsTokenComesBackAsItWas) {
  for (const SaslRequest& sasl : {SaslRequest{""}, SaslRequest{std::nullopt}, SaslRequest{"x"}}) {
    std::string frame;
    EncodeRequest(3, sasl, &frame);
    const auto decoded = DecodeRequest(absl::string_view(frame).substr(4));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->opcode, 102);
    EXPECT_EQ(std::get<SaslRequest>(decoded->body), sasl);
  }
}

TEST(RequestTest, EveryTruncationOfABodyIsMalformedWithItsXid) {
  Random random(3);
  for (int i = 0; i < 300; ++i) {
    std::string frame;
    EncodeRequest(77, RandomWrite(&random), &frame);
    const absl::string_view payload = absl::string_view(frame).substr(4);
    for (size_t length = 8; length < payload.size(); ++length) {
      const auto decoded = DecodeRequest(payload.substr(0, length));
      ASSERT_TRUE(decoded.has_value());
      ASSERT_EQ(decoded->xid, 77);
      ASSERT_EQ(std::get<BadRequest>(decoded->body), BadRequest::kMalformed) << length;
    }
    for (size_t length = 0; length < 8; ++length) {
      ASSERT_FALSE(DecodeRequest(payload.substr(0, length)).has_value());
    }
  }
}

TEST(RequestTest, BytesBehindTheBodyAreIgnored) {
  const auto request = Decode("00000001 00000002 00000002 2f61 ffffffff 99 99 99");
  ASSERT_TRUE(request.has_value());
  const auto& write = std::get<model::WriteOperation>(request->body);
  EXPECT_EQ(std::get<model::DeleteRequest>(write), (model::DeleteRequest{"/a", -1}));
}

TEST(RequestTest, NullPathIsMalformed) {
  EXPECT_EQ(BadnessOf("00000001 00000004 ffffffff 00"), BadRequest::kMalformed);
}

TEST(RequestTest, NullPathOfSetDataIsEmptyAloneAndMalformedInAMulti) {
  const auto alone = Decode("00000001 00000005 ffffffff 00000001 78 00000002");
  ASSERT_TRUE(alone.has_value());
  EXPECT_EQ(std::get<model::SetDataRequest>(std::get<model::WriteOperation>(alone->body)),
            (model::SetDataRequest{"", "x", 2}));
  EXPECT_EQ(BadnessOf("00000001 0000000e 00000005 00 ffffffff ffffffff 00000001 78 00000002"
                      "ffffffff 01 ffffffff"),
            BadRequest::kMalformed);
}

TEST(RequestTest, GetDataWithoutItsWatchByteIsMalformed) {
  EXPECT_EQ(BadnessOf("00000001 00000004 00000002 2f61"), BadRequest::kMalformed);
}

TEST(RequestTest, NullAndEmptyDataAreDifferent) {
  const auto null_data = Decode("00000001 00000005 00000002 2f61 ffffffff ffffffff");
  const auto empty_data = Decode("00000001 00000005 00000002 2f61 00000000 ffffffff");
  const auto data_of = [](const std::optional<DecodedRequest>& request) {
    return std::get<model::SetDataRequest>(std::get<model::WriteOperation>(request->body)).data;
  };
  EXPECT_EQ(data_of(null_data), std::nullopt);
  EXPECT_EQ(data_of(empty_data), "");
}

TEST(RequestTest, NullAclAndEmptyAclAreDifferent) {
  const auto acl_of = [](const std::string& acl) {
    const auto request = Decode("00000001 00000007 00000002 2f61" + acl + "ffffffff");
    return std::get<model::SetAclRequest>(std::get<model::WriteOperation>(request->body)).acl;
  };
  EXPECT_EQ(acl_of("ffffffff"), std::nullopt);
  EXPECT_EQ(acl_of("00000000"), model::Acl());
  EXPECT_EQ(acl_of("fffffffe"), model::Acl());  // other negatives behave as empty
}

TEST(RequestTest, CountBeyondTheBytesCostsNothing) {
  EXPECT_EQ(BadnessOf("00000001 00000007 00000002 2f61 7fffffff ffffffff"), BadRequest::kMalformed);
  EXPECT_EQ(BadnessOf("00000001 00000065 0000000000000001 7fffffff"), BadRequest::kMalformed);
}

TEST(RequestTest, EveryKnownOpcodeIsBuiltOrSaysThatItIsNot) {
  for (int32_t opcode = -20; opcode < 200; ++opcode) {
    std::string payload;
    JuteWriter writer(&payload);
    writer.WriteInt(1);
    writer.WriteInt(opcode);
    payload.append(200, '\0');
    const auto request = DecodeRequest(payload);
    ASSERT_TRUE(request.has_value());
    const auto* bad = std::get_if<BadRequest>(&request->body);
    const auto info = model::FindOperation(opcode);
    if (!info || info->code == model::OpCode::kCheck) {
      ASSERT_TRUE(bad) << opcode;
      EXPECT_EQ(*bad, BadRequest::kUnknownOpcode) << opcode;
    } else if (!info->built) {
      ASSERT_TRUE(bad) << opcode;
      EXPECT_EQ(*bad, BadRequest::kNotBuilt) << opcode;
    } else if (bad) {  // 200 zeros are no multi, and 0 is no type of watcher
      EXPECT_EQ(*bad, BadRequest::kMalformed);
      EXPECT_THAT(info->code, testing::AnyOf(model::OpCode::kMulti, model::OpCode::kCheckWatches,
                                             model::OpCode::kRemoveWatches));
    }
  }
}

TEST(MultiRequestTest, EmptyOneIsLegal) {
  const auto request = Decode("00000001 0000000e ffffffff 01 ffffffff");
  ASSERT_TRUE(request.has_value());
  const auto& write = std::get<model::WriteOperation>(request->body);
  EXPECT_TRUE(std::get<model::MultiRequest>(write).parts.empty());
}

TEST(MultiRequestTest, ReadsAndUnknownTypesMakeItMalformed) {
  EXPECT_EQ(BadnessOf("00000001 0000000e 00000004 00 ffffffff 00000002 2f61 00"
                      "ffffffff 01 ffffffff"),
            BadRequest::kMalformed);
  EXPECT_EQ(BadnessOf("00000001 0000000e 00000003 00 ffffffff 00000002 2f61 00"
                      "ffffffff 01 ffffffff"),
            BadRequest::kMalformed);
}

TEST(MultiRequestTest, CreateWithAnImpossibleFlagMakesItMalformed) {
  const std::string head = "00000001 0000000e 00000001 00 ffffffff 00000002 2f61 00000000 00000000";
  const std::string tail = "ffffffff 01 ffffffff";
  EXPECT_EQ(BadnessOf(head + "00000007" + tail), BadRequest::kMalformed);
  EXPECT_EQ(BadnessOf(head + "ffffffff" + tail), BadRequest::kMalformed);
  EXPECT_TRUE(
      std::holds_alternative<model::WriteOperation>(Decode(head + "00000003" + tail)->body));
}

TEST(MultiRequestTest, OfAContainerTheFlagsAreKept) {
  const std::string head = "00000001 0000000e 00000013 00 ffffffff 00000002 2f61 00000000 00000000";
  const std::string tail = "ffffffff 01 ffffffff";
  const auto part = [&](const std::string& flags) {
    const auto request = Decode(head + flags + tail);
    const auto& write = std::get<model::WriteOperation>(request->body);
    return std::get<model::CreateRequest>(std::get<model::MultiRequest>(write).parts.at(0));
  };
  EXPECT_EQ(part("00000004"), (model::CreateRequest{.path = "/a",
                                                    .data = "",
                                                    .acl = model::Acl(),
                                                    .flags = model::kContainer,
                                                    .want_stat = true}));
  EXPECT_EQ(part("00000001").flags, model::kEphemeral);
  EXPECT_EQ(BadnessOf(head + "00000007" + tail), BadRequest::kMalformed);
}

TEST(MultiRequestTest, TtlNodesAreNotBuilt) {
  EXPECT_EQ(BadnessOf("00000001 0000000e 00000015 00 ffffffff 00000002 2f61 00000000 00000000"
                      "00000005 00000000000003e8 ffffffff 01 ffffffff"),
            BadRequest::kNotBuilt);
}

TEST(RequestTest, AContainerIsOneWhateverItsFlags) {
  const model::CreateRequest expected = {.path = "/a",
                                         .data = "",
                                         .acl = model::Acl(),
                                         .flags = model::kPersistentSequential,
                                         .want_stat = true,
                                         .container = true};
  const std::string bytes = "00000001 00000013 00000002 2f61 00000000 00000000 00000002";
  const auto request = Decode(bytes);
  const auto& write = std::get<model::WriteOperation>(request->body);
  EXPECT_EQ(std::get<model::CreateRequest>(write), expected);
  std::string again;
  EncodeRequest(1, write, &again);
  EXPECT_EQ(again.substr(4), FromHex(bytes));
}

// From a client it is a deletion of nothing, which is BadArguments at Apply.
TEST(RequestTest, DeleteContainerNamesNothing) {
  const auto request = Decode("00000001 00000014 2f61");
  const auto& write = std::get<model::WriteOperation>(request->body);
  EXPECT_EQ(std::get<model::DeleteRequest>(write), model::DeleteRequest());
}

}  // namespace
}  // namespace rookery::wire
