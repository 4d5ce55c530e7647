// A message between servers. All primitives: base/varint.h.
//
//   message := kind:byte body
//     1 forward      incarnation:varint first_ticket:varint attempt:varint count:varint
//                    request:string*
//     2 cursor       term:varint incarnation:varint attempt:varint last_ticket:varint go_back:byte
//     3 wish         entry:string
//     4 report       sequence:varint round:varint count:varint (session:fixed64 idle_ms:varint)*
//                    If the first session is 0, which none is, the number beside it is the applied
//                    index: builds that do not know of it pass over a session that is not there.
//     5 report taken term:varint sequence:varint commit_index:varint
//     6 round call   term:varint round:varint
//     7 report       as 4, then twice (ended, attempted):
//                    count:varint (session:fixed64 attach_count:varint ago_ms:varint)*
// Kind 7 is a report that has such signs: none are made unless session.disconnectGraceMs is set.
#include "coordinator/proposal/peer_message.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/varint.h"

namespace rookery::proposal {
namespace {

enum Kind : uint8_t {
  kForward = 1,
  kCursor = 2,
  kWish = 3,
  kReport = 4,
  kReportTaken = 5,
  kRoundCall = 6,
  kReportWithSigns = 7,
};

constexpr model::SessionId kNoSession = 0;

void PutSigns(const std::vector<Report::Sign>& signs, std::string* out) {
  PutVarint(signs.size(), out);
  for (const Report::Sign& one : signs) {
    PutFixed64(static_cast<uint64_t>(one.session), out);
    PutVarint(one.attach_count, out);
    PutVarint(static_cast<uint64_t>(one.ago_ms), out);
  }
}

struct Writer {
  std::string* out;

  void PutPair(model::SessionId session, uint64_t number) const {
    PutFixed64(static_cast<uint64_t>(session), out);
    PutVarint(number, out);
  }
  void operator()(const Forward& m) const {
    size_t bytes = 48;
    for (const absl::string_view request : m.requests) bytes += request.size() + 5;
    out->reserve(bytes);
    PutByte(kForward, out);
    PutVarint(m.incarnation, out);
    PutVarint(m.first_ticket, out);
    PutVarint(m.attempt, out);
    PutVarint(m.requests.size(), out);
    for (const absl::string_view request : m.requests) PutString(request, out);
  }
  void operator()(const Cursor& m) const {
    PutByte(kCursor, out);
    PutVarint(m.term, out);
    PutVarint(m.incarnation, out);
    PutVarint(m.attempt, out);
    PutVarint(m.last_ticket, out);
    PutByte(m.go_back ? 1 : 0, out);
  }
  void operator()(const Wish& m) const {
    PutByte(kWish, out);
    PutString(m.entry, out);
  }
  void operator()(const Report& m) const {
    const bool signs = !m.ended.empty() || !m.attempted.empty();
    out->reserve(48 + 12 * m.sessions.size() + 16 * (m.ended.size() + m.attempted.size()));
    PutByte(signs ? kReportWithSigns : kReport, out);
    PutVarint(m.sequence, out);
    PutVarint(m.round, out);
    PutVarint(m.sessions.size() + (m.applied_index != 0 ? 1 : 0), out);
    if (m.applied_index != 0) PutPair(kNoSession, m.applied_index);
    for (const Report::Session& one : m.sessions) {
      PutPair(one.session, static_cast<uint64_t>(one.idle_ms));
    }
    if (!signs) return;
    PutSigns(m.ended, out);
    PutSigns(m.attempted, out);
  }
  void operator()(const ReportTaken& m) const {
    PutByte(kReportTaken, out);
    PutVarint(m.term, out);
    PutVarint(m.sequence, out);
    PutVarint(m.commit_index, out);
  }
  void operator()(const RoundCall& m) const {
    PutByte(kRoundCall, out);
    PutVarint(m.term, out);
    PutVarint(m.round, out);
  }
};

Forward ReadForward(VarintReader* in) {
  Forward m;
  m.incarnation = in->Varint();
  m.first_ticket = in->Varint();
  m.attempt = in->Varint();
  const size_t count = in->Count(1);
  m.requests.reserve(count);
  for (size_t i = 0; i < count && in->ok(); ++i) m.requests.push_back(in->View());
  return m;
}

Cursor ReadCursor(VarintReader* in) {
  Cursor m;
  m.term = in->Varint();
  m.incarnation = in->Varint();
  m.attempt = in->Varint();
  m.last_ticket = in->Varint();
  m.go_back = in->Byte() != 0;
  return m;
}

std::vector<Report::Sign> ReadSigns(VarintReader* in) {
  std::vector<Report::Sign> signs;
  const size_t count = in->Count(10);
  signs.reserve(count);
  for (size_t i = 0; i < count && in->ok(); ++i) {
    Report::Sign one;
    one.session = static_cast<model::SessionId>(in->Fixed64());
    one.attach_count = in->Varint();
    one.ago_ms = static_cast<int64_t>(in->Varint());
    if (one.ago_ms < 0) in->Fail();
    signs.push_back(one);
  }
  return signs;
}

Report ReadReport(bool signs, VarintReader* in) {
  Report m;
  m.sequence = in->Varint();
  m.round = in->Varint();
  const size_t count = in->Count(9);
  m.sessions.reserve(count);
  for (size_t i = 0; i < count && in->ok(); ++i) {
    Report::Session one;
    one.session = static_cast<model::SessionId>(in->Fixed64());
    one.idle_ms = static_cast<int64_t>(in->Varint());
    if (one.idle_ms < 0) in->Fail();
    if (i == 0 && one.session == kNoSession) {
      m.applied_index = static_cast<uint64_t>(one.idle_ms);
      if (m.applied_index == 0) in->Fail();  // left out then
    } else {
      m.sessions.push_back(one);
    }
  }
  if (!signs) return m;
  m.ended = ReadSigns(in);
  m.attempted = ReadSigns(in);
  if (m.ended.empty() && m.attempted.empty()) in->Fail();  // that is kind 4
  return m;
}

PeerMessage ReadBody(uint8_t kind, VarintReader* in) {
  switch (kind) {
    case kForward:
      return ReadForward(in);
    case kCursor:
      return ReadCursor(in);
    case kWish:
      return Wish{in->String()};
    case kReport:
      return ReadReport(false, in);
    case kReportWithSigns:
      return ReadReport(true, in);
    case kReportTaken: {
      ReportTaken m;
      m.term = in->Varint();
      m.sequence = in->Varint();
      m.commit_index = in->Varint();
      return m;
    }
    case kRoundCall: {
      RoundCall m;
      m.term = in->Varint();
      m.round = in->Varint();
      return m;
    }
    default:
      in->Fail();
      return Wish();
  }
}

}  // namespace

std::string EncodePeerMessage(const PeerMessage& message) {
  std::string out;
  std::visit(Writer{&out}, message);
  return out;
}

absl::StatusOr<PeerMessage> DecodePeerMessage(absl::string_view bytes) {
  VarintReader in(bytes);
  const uint8_t kind = in.Byte();
  PeerMessage message = ReadBody(kind, &in);
  if (!in.AtEnd()) {
    return absl::DataLossError(absl::StrCat("expected a message of a server, found ", bytes.size(),
                                            " bytes of kind ", kind, " that are none"));
  }
  return message;
}

}  // namespace rookery::proposal
