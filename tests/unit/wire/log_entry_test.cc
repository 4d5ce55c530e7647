#include "coordinator/wire/log_entry.h"

#include <gtest/gtest.h>

#include "coordinator/base/random.h"

namespace rookery::wire {
namespace {

std::string RandomText(Random* random, size_t bytes_max) {
  std::string text(random->Below(bytes_max + 1), '\0');
  for (char& byte : text) byte = static_cast<char>(random->Next());
  return text;
}

model::Data RandomData(Random* random) {
  if (random->Chance(0.2)) return std::nullopt;
  return RandomText(random, 200);
}

int32_t RandomInt(Random* random) {
  return random->Chance(0.3) ? -1 : static_cast<int32_t>(random->Next());
}

std::optional<model::Acl> RandomAcl(Random* random) {
  if (random->Chance(0.2)) return std::nullopt;
  model::Acl acl;
  for (uint64_t i = random->Below(4); i > 0; --i) {
    acl.push_back({RandomInt(random), {RandomText(random, 8), RandomText(random, 30)}});
  }
  return acl;
}

model::CreateRequest RandomCreate(Random* random) {
  return {RandomText(random, 60), RandomData(random),  RandomAcl(random),
          RandomInt(random),      random->Chance(0.5), random->Chance(0.3)};
}

model::MultiRequest RandomMulti(Random* random) {
  model::MultiRequest multi;
  for (uint64_t i = random->Below(6); i > 0; --i) {
    switch (random->Below(4)) {
      case 0:
        multi.parts.emplace_back(RandomCreate(random));
        break;
      case 1:
        multi.parts.emplace_back(model::DeleteRequest{RandomText(random, 40), RandomInt(random)});
        break;
      case 2:
        multi.parts.emplace_back(
            model::SetDataRequest{RandomText(random, 40), RandomData(random), RandomInt(random)});
        break;
      default:
        multi.parts.emplace_back(model::CheckRequest{RandomText(random, 40), RandomInt(random)});
    }
  }
  return multi;
}

model::WriteOperation RandomOperation(Random* random) {
  switch (random->Below(8)) {
    case 0:
      return RandomCreate(random);
    case 1:
      return model::DeleteRequest{RandomText(random, 40), RandomInt(random)};
    case 2:
      return model::SetDataRequest{RandomText(random, 40), RandomData(random), RandomInt(random)};
    case 3:
      return model::SetAclRequest{RandomText(random, 40), RandomAcl(random), RandomInt(random)};
    case 4:
      return RandomMulti(random);
    case 5:
      return model::OpenSessionRequest{RandomInt(random), RandomText(random, 16)};
    case 6:
      return model::AttachSessionRequest{RandomInt(random), RandomText(random, 16)};
    default:
      return model::CloseSessionRequest();
  }
}

model::WriteRequest RandomRequest(Random* random) {
  model::WriteRequest request;
  request.session = static_cast<int64_t>(random->Next());
  request.owner = {random->Below(300), random->Next() >> random->Below(64),
                   random->Next() >> random->Below(64)};
  for (uint64_t i = random->Below(3); i > 0; --i) {
    request.credentials.identities.push_back({RandomText(random, 8), RandomText(random, 20)});
  }
  request.credentials.super = random->Chance(0.5);
  request.credentials.skip_acl = random->Chance(0.5);
  request.credentials.sasl_offered = random->Chance(0.5);
  request.credentials.enforce_quota = random->Chance(0.5);
  request.operation = RandomOperation(random);
  return request;
}

Batch RandomBatch(Random* random) {
  Batch batch;
  uint64_t ticket = random->Next() >> random->Below(64);
  for (uint64_t i = random->Below(4); i > 0; --i) {
    TicketRun run{random->Below(9), random->Next() >> random->Below(64), ticket, {}};
    for (uint64_t j = random->Below(5); j > 0; --j) run.requests.push_back(RandomRequest(random));
    batch.runs.push_back(std::move(run));
  }
  return batch;
}

LogEntry RandomEntry(Random* random) {
  LogEntry entry;
  entry.time_ms = static_cast<int64_t>(random->Next()) >> random->Below(64);
  switch (random->Below(6)) {
    case 0:
      entry.body = GrantIncarnation{random->Below(100), random->Next()};
      break;
    case 1:
      entry.body = ExpireSessions{{{static_cast<int64_t>(random->Next()), random->Below(1000)}}};
      break;
    case 2:
      entry.body = Preload{{"/brokers", RandomText(random, 30)}};
      break;
    case 3:
      entry.body = SetMemberRow{RandomText(random, 100)};
      break;
    case 4:
      entry.body = DeleteContainers{{{RandomText(random, 60)},
                                     {RandomText(random, 60), false,
                                      static_cast<int64_t>(random->Next()) >> random->Below(64)}}};
      break;
    default:
      entry.body = RandomBatch(random);
  }
  return entry;
}

TEST(LogEntryTest, EveryEntryComesBackAsItWas) {
  Random random(1);
  for (int i = 0; i < 5000; ++i) {
    const LogEntry entry = RandomEntry(&random);
    const auto decoded = DecodeLogEntry(EncodeLogEntry(entry));
    ASSERT_TRUE(decoded.ok()) << decoded.status() << " in round " << i;
    ASSERT_EQ(*decoded, entry) << "in round " << i;
  }
}

TEST(LogEntryTest, BatchOfEncodedRequestsEqualsTheBatchEncodedWhole) {
  Random random(2);
  for (int i = 0; i < 500; ++i) {
    const LogEntry entry{1700000000000 + i, RandomBatch(&random)};
    std::vector<std::vector<std::string>> requests;
    std::vector<EncodedRun> runs;
    for (const TicketRun& run : std::get<Batch>(entry.body).runs) {
      requests.emplace_back();
      for (const auto& request : run.requests)
        requests.back().push_back(EncodeWriteRequest(request));
    }
    size_t position = 0;
    for (const TicketRun& run : std::get<Batch>(entry.body).runs) {
      const auto& encoded = requests[position++];
      runs.push_back({run.server, run.incarnation, run.first_ticket,
                      std::vector<absl::string_view>(encoded.begin(), encoded.end())});
    }
    ASSERT_EQ(EncodeBatchEntry(entry.time_ms, runs), EncodeLogEntry(entry));
  }
}

TEST(LogEntryTest, WriteRequestAloneComesBackAsItWas) {
  Random random(3);
  for (int i = 0; i < 2000; ++i) {
    const model::WriteRequest request = RandomRequest(&random);
    const auto decoded = DecodeWriteRequest(EncodeWriteRequest(request));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    ASSERT_EQ(*decoded, request);
  }
}

TEST(LogEntryTest, NullAndEmptyDataStayDistinct) {
  for (const model::Data& data : {model::Data(), model::Data("")}) {
    model::WriteRequest request;
    request.operation = model::SetDataRequest{"/a", data, -1};
    const auto decoded = DecodeWriteRequest(EncodeWriteRequest(request));
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(std::get<model::SetDataRequest>(decoded->operation).data, data);
  }
}

TEST(LogEntryTest, EveryTruncationIsDataLoss) {
  Random random(4);
  for (int i = 0; i < 200; ++i) {
    const std::string bytes = EncodeLogEntry(RandomEntry(&random));
    for (size_t length = 0; length < bytes.size(); ++length) {
      const auto decoded = DecodeLogEntry(absl::string_view(bytes).substr(0, length));
      ASSERT_EQ(decoded.status().code(), absl::StatusCode::kDataLoss) << length;
    }
  }
}

TEST(LogEntryTest, BytesBehindTheEntryAreDataLoss) {
  const std::string bytes = EncodeLogEntry({5, GrantIncarnation{1, 2}}) + "x";
  EXPECT_EQ(DecodeLogEntry(bytes).status().code(), absl::StatusCode::kDataLoss);
}

TEST(LogEntryTest, HigherLevelIsUnimplemented) {
  std::string bytes = EncodeLogEntry({5, GrantIncarnation{1, 2}});
  bytes[0] = 2;
  EXPECT_EQ(DecodeLogEntry(bytes).status().code(), absl::StatusCode::kUnimplemented);
}

TEST(LogEntryTest, FlippedBytesNeverCrash) {
  Random random(5);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = EncodeLogEntry(RandomEntry(&random));
    for (uint64_t j = 1 + random.Below(4); j > 0; --j) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Next());
    }
    const auto decoded = DecodeLogEntry(bytes);
    if (decoded.ok()) (void)EncodeLogEntry(*decoded);
  }
}

}  // namespace
}  // namespace rookery::wire
