// A log entry. All primitives: varint.h; requests: write_request.cc.
//
//   entry := level:byte kind:byte time_ms:signed body
//     1 batch        count:varint run*
//     2 grant        server:varint nonce:fixed64
//     3 expire       count:varint (session:fixed64 attach_count:varint)*
//     4 preload      count:varint path:string*
//     5 member row   row:string
//     6 containers   count:varint (path:string used:byte mtime_ms:signed)*
//   run := server:varint incarnation:varint first_ticket:varint count:varint
//          (length:varint request)*
//
// Nothing may follow the body. The encoding of a value is unique except for over-long varints,
// which no writer makes.
#include "coordinator/wire/log_entry.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/varint.h"
#include "coordinator/wire/write_request.h"

namespace rookery::wire {
namespace {

constexpr uint8_t kLevel = 1;

enum Kind : uint8_t {
  kBatch = 1,
  kGrant = 2,
  kExpire = 3,
  kPreload = 4,
  kMemberRow = 5,
  kDeleteContainers = 6,
};

// What a request takes beside its paths and data; only a hint for allocation.
constexpr size_t kRequestBytesUsual = 160;

void PutHead(Kind kind, int64_t time_ms, std::string* out) {
  PutByte(kLevel, out);
  PutByte(kind, out);
  PutSigned(time_ms, out);
}

void PutRunHead(model::ServerId server, uint64_t incarnation, uint64_t first_ticket, size_t count,
                std::string* out) {
  PutVarint(server, out);
  PutVarint(incarnation, out);
  PutVarint(first_ticket, out);
  PutVarint(count, out);
}

struct BodyWriter {
  int64_t time_ms;
  std::string* out;

  void operator()(const Batch& batch) const {
    PutHead(kBatch, time_ms, out);
    PutVarint(batch.runs.size(), out);
    std::string request;
    for (const TicketRun& run : batch.runs) {
      PutRunHead(run.server, run.incarnation, run.first_ticket, run.requests.size(), out);
      for (const model::WriteRequest& one : run.requests) {
        request.clear();
        PutWriteRequest(one, &request);
        PutString(request, out);
      }
    }
  }
  void operator()(const GrantIncarnation& grant) const {
    PutHead(kGrant, time_ms, out);
    PutVarint(grant.server, out);
    PutFixed64(grant.nonce, out);
  }
  void operator()(const ExpireSessions& expire) const {
    PutHead(kExpire, time_ms, out);
    PutVarint(expire.sessions.size(), out);
    for (const ExpireSessions::One& one : expire.sessions) {
      PutFixed64(static_cast<uint64_t>(one.session), out);
      PutVarint(one.attach_count, out);
    }
  }
  void operator()(const Preload& preload) const {
    PutHead(kPreload, time_ms, out);
    PutVarint(preload.paths.size(), out);
    for (const std::string& path : preload.paths) PutString(path, out);
  }
  void operator()(const SetMemberRow& row) const {
    PutHead(kMemberRow, time_ms, out);
    PutString(row.row, out);
  }
  void operator()(const DeleteContainers& gone) const {
    PutHead(kDeleteContainers, time_ms, out);
    PutVarint(gone.containers.size(), out);
    for (const DeleteContainers::One& one : gone.containers) {
      PutString(one.path, out);
      PutByte(one.used ? 1 : 0, out);
      PutSigned(one.mtime_ms, out);
    }
  }
};

TicketRun ReadRun(VarintReader* in) {
  TicketRun run;
  run.server = in->Varint();
  run.incarnation = in->Varint();
  run.first_ticket = in->Varint();
  const size_t count = in->Count(2);
  run.requests.reserve(count);
  for (size_t i = 0; i < count && in->ok(); ++i) {
    VarintReader request(in->View());
    ReadWriteRequest(&request, &run.requests.emplace_back());
    if (!request.AtEnd()) in->Fail();
  }
  return run;
}

decltype(LogEntry::body) ReadBody(uint8_t kind, VarintReader* in) {
  switch (kind) {
    case kBatch: {
      Batch batch;
      const size_t count = in->Count(4);
      for (size_t i = 0; i < count && in->ok(); ++i) batch.runs.push_back(ReadRun(in));
      return batch;
    }
    case kGrant: {
      GrantIncarnation grant;
      grant.server = in->Varint();
      grant.nonce = in->Fixed64();
      return grant;
    }
    case kExpire: {
      ExpireSessions expire;
      const size_t count = in->Count(9);
      for (size_t i = 0; i < count && in->ok(); ++i) {
        ExpireSessions::One one;
        one.session = static_cast<model::SessionId>(in->Fixed64());
        one.attach_count = in->Varint();
        expire.sessions.push_back(one);
      }
      return expire;
    }
    case kPreload: {
      Preload preload;
      const size_t count = in->Count(1);
      for (size_t i = 0; i < count && in->ok(); ++i) preload.paths.push_back(in->String());
      return preload;
    }
    case kMemberRow:
      return SetMemberRow{in->String()};
    case kDeleteContainers: {
      DeleteContainers gone;
      const size_t count = in->Count(3);
      for (size_t i = 0; i < count && in->ok(); ++i) {
        DeleteContainers::One& one = gone.containers.emplace_back();
        one.path = in->String();
        const uint8_t used = in->Byte();
        if (used > 1) in->Fail();
        one.used = used == 1;
        one.mtime_ms = in->Signed();
      }
      return gone;
    }
    default:
      in->Fail();
      return Batch();
  }
}

}  // namespace

std::string EncodeLogEntry(const LogEntry& entry) {
  std::string out;
  std::visit(BodyWriter{entry.time_ms, &out}, entry.body);
  return out;
}

absl::StatusOr<LogEntry> DecodeLogEntry(absl::string_view bytes) {
  VarintReader in(bytes);
  const uint8_t level = in.Byte();
  if (in.ok() && level > kLevel) {
    return absl::UnimplementedError(absl::StrCat("log entry of level ", level,
                                                 ", this build knows up to ", kLevel,
                                                 ": run the newer release that wrote it"));
  }
  const uint8_t kind = in.Byte();
  LogEntry entry;
  entry.time_ms = in.Signed();
  entry.body = ReadBody(kind, &in);
  if (level == 0 || !in.AtEnd()) {
    return absl::DataLossError(
        absl::StrCat("expected a log entry, found ", bytes.size(), " bytes that are none"));
  }
  return entry;
}

std::string EncodeWriteRequest(const model::WriteRequest& request) {
  std::string out;
  out.reserve(kRequestBytesUsual);
  PutWriteRequest(request, &out);
  return out;
}

absl::StatusOr<model::WriteRequest> DecodeWriteRequest(absl::string_view bytes) {
  VarintReader in(bytes);
  model::WriteRequest request;
  ReadWriteRequest(&in, &request);
  if (!in.AtEnd()) {
    return absl::DataLossError(
        absl::StrCat("expected a write request, found ", bytes.size(), " bytes that are none"));
  }
  return request;
}

std::string EncodeBatchEntry(int64_t time_ms, const std::vector<EncodedRun>& runs) {
  size_t bytes = 32;
  for (const EncodedRun& run : runs) {
    bytes += 40;
    for (const absl::string_view request : run.requests) bytes += request.size() + 5;
  }
  std::string out;
  out.reserve(bytes);
  PutHead(kBatch, time_ms, &out);
  PutVarint(runs.size(), &out);
  for (const EncodedRun& run : runs) {
    PutRunHead(run.server, run.incarnation, run.first_ticket, run.requests.size(), &out);
    for (const absl::string_view request : run.requests) PutString(request, &out);
  }
  return out;
}

}  // namespace rookery::wire
