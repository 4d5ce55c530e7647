// Formats (record.h; all numbers little-endian, texts with a u32 length in front):
//
//   list     := u8 1, u64 next_engine_id, u32 count, row*
//   context  := u8 1, u32 count, row*            an empty context is no bytes at all
//   row      := u64 engine_id, u32 server_number, u8 role, text host, u16 quorum_port,
//               u16 election_port, text client_address, u64 disk_id, u32 level
//   configuration := u8 1, ids voters, ids outgoing, ids learners, ids learners_next, u8 auto_leave
//   ids      := u32 count, u64*
#include "coordinator/consensus/members.h"

#include <algorithm>

#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/record.h"

namespace rookery::consensus {
namespace {

constexpr uint8_t kFormat = 1;

void WriteRow(const MemberRow& row, RecordWriter* out) {
  out->U64(row.engine_id);
  out->U32(row.server_number);
  out->U8(static_cast<uint8_t>(row.role));
  out->Text(row.host);
  out->U16(row.quorum_port);
  out->U16(row.election_port);
  out->Text(row.client_address);
  out->U64(row.disk_id);
  out->U32(row.level);
}

// False: no such role.
bool ReadRow(RecordReader* in, MemberRow* row) {
  row->engine_id = in->U64();
  row->server_number = in->U32();
  const uint8_t role = in->U8();
  row->role = static_cast<MemberRole>(role);
  row->host = in->Text();
  row->quorum_port = in->U16();
  row->election_port = in->U16();
  row->client_address = in->Text();
  row->disk_id = in->U64();
  row->level = in->U32();
  return role >= 1 && role <= 3;
}

absl::Status CheckFormat(uint8_t found, absl::string_view what) {
  if (found == kFormat) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(what, ": expected format ", kFormat, ", found ", found));
}

absl::StatusOr<std::vector<MemberRow>> ReadRows(RecordReader* in, absl::string_view what) {
  std::vector<MemberRow> rows;
  const uint32_t count = in->U32();
  for (uint32_t i = 0; i < count && in->ok(); ++i) {
    MemberRow row;
    if (!ReadRow(in, &row) && in->ok()) {
      return absl::DataLossError(absl::StrCat(what, ": row ", i, " has an unknown role"));
    }
    rows.push_back(std::move(row));
  }
  ROOKERY_RETURN_IF_ERROR(in->Finish(what));
  return rows;
}

void PutRow(std::vector<MemberRow>* rows, MemberRow row) {
  auto place =
      std::lower_bound(rows->begin(), rows->end(), row.engine_id,
                       [](const MemberRow& each, EngineId id) { return each.engine_id < id; });
  if (place != rows->end() && place->engine_id == row.engine_id) {
    *place = std::move(row);
  } else {
    rows->insert(place, std::move(row));
  }
}

}  // namespace

const MemberRow* MemberList::Find(EngineId id) const {
  for (const MemberRow& row : rows) {
    if (row.engine_id == id) return &row;
  }
  return nullptr;
}

const MemberRow* MemberList::FindServer(uint32_t server_number) const {
  // While a joint change is under way both the old and the new row of a server stand: the newer
  // one.
  const MemberRow* found = nullptr;
  for (const MemberRow& row : rows) {
    if (row.server_number == server_number) found = &row;
  }
  return found;
}

std::string EncodeMemberList(const MemberList& list) {
  RecordWriter out;
  out.U8(kFormat);
  out.U64(list.next_engine_id);
  out.U32(static_cast<uint32_t>(list.rows.size()));
  for (const MemberRow& row : list.rows) WriteRow(row, &out);
  return out.Take();
}

absl::StatusOr<MemberList> DecodeMemberList(absl::string_view bytes) {
  RecordReader in(bytes);
  ROOKERY_RETURN_IF_ERROR(CheckFormat(in.U8(), "member list"));
  MemberList list;
  list.next_engine_id = in.U64();
  ROOKERY_ASSIGN_OR_RETURN(list.rows, ReadRows(&in, "member list"));
  EngineId last = 0;
  for (const MemberRow& row : list.rows) {
    if (row.engine_id <= last || row.engine_id >= list.next_engine_id) {
      return absl::DataLossError(absl::StrCat("member list: engine id ", row.engine_id,
                                              " is out of order or not below the next one"));
    }
    last = row.engine_id;
  }
  return list;
}

std::string EncodeMemberContext(const std::vector<MemberRow>& rows) {
  RecordWriter out;
  out.U8(kFormat);
  out.U32(static_cast<uint32_t>(rows.size()));
  for (const MemberRow& row : rows) WriteRow(row, &out);
  return out.Take();
}

absl::StatusOr<std::vector<MemberRow>> DecodeMemberContext(absl::string_view bytes) {
  if (bytes.empty()) return std::vector<MemberRow>();
  RecordReader in(bytes);
  ROOKERY_RETURN_IF_ERROR(CheckFormat(in.U8(), "member context"));
  return ReadRows(&in, "member context");
}

absl::Status ApplyConfiguration(MemberList* list, const Configuration& configuration,
                                absl::string_view context) {
  ROOKERY_ASSIGN_OR_RETURN(std::vector<MemberRow> changed, DecodeMemberContext(context));
  std::vector<MemberRow> rows = list->rows;
  for (MemberRow& row : changed) PutRow(&rows, std::move(row));
  std::erase_if(rows, [&](const MemberRow& row) { return !configuration.Contains(row.engine_id); });
  for (MemberRow& row : rows) {
    if (configuration.IsVoter(row.engine_id)) {
      row.role = MemberRole::kVoter;
    } else if (row.role == MemberRole::kVoter) {
      row.role = MemberRole::kLearner;
    }
    list->next_engine_id = std::max(list->next_engine_id, row.engine_id + 1);
  }
  list->rows = std::move(rows);
  return absl::OkStatus();
}

absl::Status UpdateMembers(MemberList* list, absl::string_view context) {
  ROOKERY_ASSIGN_OR_RETURN(std::vector<MemberRow> changed, DecodeMemberContext(context));
  for (MemberRow& row : changed) {
    for (MemberRow& present : list->rows) {
      if (present.engine_id != row.engine_id) continue;
      row.server_number = present.server_number;
      row.role = present.role;
      row.disk_id = present.disk_id;
      present = row;
    }
  }
  return absl::OkStatus();
}

std::string EncodeConfiguration(const Configuration& configuration) {
  RecordWriter out;
  out.U8(kFormat);
  for (const auto* ids : {&configuration.voters, &configuration.outgoing, &configuration.learners,
                          &configuration.learners_next}) {
    out.U32(static_cast<uint32_t>(ids->size()));
    for (EngineId id : *ids) out.U64(id);
  }
  out.U8(configuration.auto_leave ? 1 : 0);
  return out.Take();
}

absl::StatusOr<Configuration> DecodeConfiguration(absl::string_view bytes) {
  RecordReader in(bytes);
  ROOKERY_RETURN_IF_ERROR(CheckFormat(in.U8(), "configuration"));
  Configuration configuration;
  for (auto* ids : {&configuration.voters, &configuration.outgoing, &configuration.learners,
                    &configuration.learners_next}) {
    const uint32_t count = in.U32();
    for (uint32_t i = 0; i < count && in.ok(); ++i) ids->push_back(in.U64());
  }
  configuration.auto_leave = in.U8() != 0;
  ROOKERY_RETURN_IF_ERROR(in.Finish("configuration"));
  return configuration;
}

}  // namespace rookery::consensus
