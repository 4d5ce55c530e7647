// Format of a founding list (record.h):
//
//   founding_list := u8 1, u32 count, founder* [, u64 origin]    sorted by server number;
//                    the origin only if it is not 0
//   founder       := u32 number, text host, u16 quorum_port, u16 election_port, text
//   client_address,
//                    u64 disk_id
//
// The cluster id is XXH3-64 of these bytes (1 if that were 0).
#include "coordinator/consensus/peer/hello.h"

#include <xxhash.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/record.h"

namespace rookery::consensus {
namespace {

constexpr uint8_t kFormat = 1;

// "server.3 (engine id 3, disk 00ab...)"
std::string Name(const Hello& hello) {
  std::string name = absl::StrCat("server.", hello.line.number);
  if (hello.engine_id != 0) absl::StrAppend(&name, " (engine id ", hello.engine_id, ")");
  return name;
}

std::string Disk(uint64_t disk_id) { return absl::StrFormat("%016x", disk_id); }

HelloVerdict Refuse(HelloRefusal refusal, std::string text) {
  return HelloVerdict{refusal, std::move(text)};
}

// Somebody without an ensemble asks one that has been founded.
HelloVerdict JudgeNewcomer(const MemberList& members, const Hello& theirs) {
  for (const MemberRow& row : members.rows) {
    if (row.disk_id != theirs.disk_id || row.server_number != theirs.line.number) continue;
    return Refuse(HelloRefusal::kComeFounded,
                  absl::StrCat(Name(theirs), " is a member as engine id ", row.engine_id,
                               " and has yet to take its place"));
  }
  const MemberRow* row = members.FindServer(theirs.line.number);
  if (row == nullptr) {
    return Refuse(HelloRefusal::kNoRow,
                  absl::StrCat(Name(theirs), " is no member: run 'rookery ensemble add ",
                               theirs.line.number, "' to let it in"));
  }
  return Refuse(
      HelloRefusal::kOtherDisk,
      absl::StrCat(Name(theirs), " comes with an empty data directory (disk ", Disk(theirs.disk_id),
                   "), but the member list knows it with disk ", Disk(row->disk_id),
                   ": run 'rookery ensemble rejoin ", theirs.line.number,
                   "' if its data is lost, or give it its old data directory back"));
}

}  // namespace

std::string EncodeFoundingList(const FoundingList& list) {
  RecordWriter out;
  out.U8(kFormat);
  out.U32(static_cast<uint32_t>(list.founders.size()));
  for (const FoundingList::Founder& founder : list.founders) {
    out.U32(founder.line.number);
    out.Text(founder.line.host);
    out.U16(founder.line.quorum_port);
    out.U16(founder.line.election_port);
    out.Text(founder.line.client_address);
    out.U64(founder.disk_id);
  }
  if (list.origin != 0) out.U64(list.origin);
  return out.Take();
}

absl::StatusOr<FoundingList> DecodeFoundingList(absl::string_view bytes) {
  RecordReader in(bytes);
  const uint8_t format = in.U8();
  if (format != kFormat) {
    return absl::DataLossError(
        absl::StrCat("founding list: expected format ", kFormat, ", found ", format));
  }
  FoundingList list;
  uint32_t last = 0;
  const uint32_t count = in.U32();
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    FoundingList::Founder founder;
    founder.line.number = in.U32();
    founder.line.host = in.Text();
    founder.line.quorum_port = in.U16();
    founder.line.election_port = in.U16();
    founder.line.client_address = in.Text();
    founder.disk_id = in.U64();
    if (in.ok() && (founder.line.number <= last || founder.disk_id == 0)) {
      return absl::DataLossError("founding list: numbers out of order or a founder without a disk");
    }
    last = founder.line.number;
    list.founders.push_back(std::move(founder));
  }
  if (in.ok() && in.remaining() > 0) {
    list.origin = in.U64();
    if (in.ok() && list.origin == 0) return absl::DataLossError("founding list: an origin of 0");
  }
  ROOKERY_RETURN_IF_ERROR(in.Finish("founding list"));
  return list;
}

uint64_t ClusterIdOf(const FoundingList& list) {
  const std::string bytes = EncodeFoundingList(list);
  const uint64_t hash = XXH3_64bits(bytes.data(), bytes.size());
  return hash == 0 ? 1 : hash;
}

MemberList FoundingMembers(const FoundingList& list) {
  MemberList members;
  for (const FoundingList::Founder& founder : list.founders) {
    MemberRow row;
    row.engine_id = founder.line.number;
    row.server_number = founder.line.number;
    row.role = MemberRole::kVoter;
    row.host = founder.line.host;
    row.quorum_port = founder.line.quorum_port;
    row.election_port = founder.line.election_port;
    row.client_address = founder.line.client_address;
    row.disk_id = founder.disk_id;
    row.level = 1;
    members.rows.push_back(std::move(row));
    members.next_engine_id = founder.line.number + 1;
  }
  return members;
}

Configuration FoundingConfiguration(const FoundingList& list) {
  Configuration configuration;
  for (const FoundingList::Founder& founder : list.founders) {
    configuration.voters.push_back(founder.line.number);
  }
  return configuration;
}

HelloVerdict JudgeHello(const Hello& self, const MemberList& members, uint32_t ensemble_level,
                        const Hello& theirs, EngineId wanted) {
  if (self.cluster_id == 0) {
    return Refuse(HelloRefusal::kNotFounded,
                  absl::StrCat("server.", self.line.number, " belongs to no ensemble yet"));
  }
  if (theirs.cluster_id == 0) return JudgeNewcomer(members, theirs);
  if (theirs.cluster_id != self.cluster_id) {
    return Refuse(
        HelloRefusal::kOtherCluster,
        absl::StrFormat("%s belongs to ensemble %016x, server.%d to %016x: check the "
                        "server lines and the data directory of both",
                        Name(theirs), theirs.cluster_id, self.line.number, self.cluster_id));
  }
  if (wanted != 0 && wanted != self.engine_id) {
    return Refuse(
        HelloRefusal::kNotTheOne,
        absl::StrCat(Name(theirs), " looked for engine id ", wanted, " and found engine id ",
                     self.engine_id, ": two members have the same address"));
  }
  if (theirs.engine_id == self.engine_id) {
    return Refuse(HelloRefusal::kNotTheOne,
                  absl::StrCat(Name(theirs), " claims the engine id of server.", self.line.number,
                               ": check myid and the data directory of both"));
  }
  const MemberRow* row = members.Find(theirs.engine_id);
  if (row == nullptr && theirs.engine_id < members.next_engine_id) {
    return Refuse(HelloRefusal::kRemoved,
                  absl::StrCat(Name(theirs),
                               " was removed from the ensemble: stop it, or empty its "
                               "data directory and let it in with 'rookery ensemble add'"));
  }
  if (row != nullptr && row->disk_id != theirs.disk_id) {
    return Refuse(HelloRefusal::kOtherDisk,
                  absl::StrCat(Name(theirs), " comes with disk ", Disk(theirs.disk_id),
                               ", but the member list knows it with disk ", Disk(row->disk_id),
                               ": run 'rookery ensemble rejoin ", theirs.line.number, "'"));
  }
  if (theirs.level < ensemble_level) {
    return Refuse(HelloRefusal::kLevelTooLow,
                  absl::StrCat(Name(theirs), " knows level ", theirs.level, ", the ensemble is at ",
                               ensemble_level, ": start it with a newer rookeryd"));
  }
  return HelloVerdict{};
}

}  // namespace rookery::consensus
