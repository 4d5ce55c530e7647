// Format of the file (record.h):
//
//   identity := u32 magic, u8 format, u64 disk_id, u64 cluster_id, u64 engine_id, u8 founder,
//               text founding_list, text member_list, u64 XXH3-64 of all before
#include "coordinator/consensus/peer/identity.h"

#include <xxhash.h>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/record.h"

namespace rookery::consensus {
namespace {

constexpr uint32_t kMagic = 0x44494b52;  // "RKID"
constexpr uint8_t kFormat = 1;

absl::Status Damaged(absl::string_view how) {
  return absl::DataLossError(absl::StrCat(
      "the file '", kIdentityFile, "' in the data directory is damaged (", how,
      "): restore it from a copy, or empty the data directory and run 'rookery ensemble rejoin'"));
}

}  // namespace

absl::StatusOr<Identity> LoadOrCreateIdentity(FileStore* files, uint64_t random) {
  absl::StatusOr<std::string> bytes = files->Read(kIdentityFile);
  if (absl::IsNotFound(bytes.status())) {
    Identity identity;
    identity.disk_id = random == 0 ? 1 : random;
    ROOKERY_RETURN_IF_ERROR(StoreIdentity(files, identity));
    return identity;
  }
  ROOKERY_RETURN_IF_ERROR(bytes.status());
  RecordReader in(*bytes);
  if (in.U32() != kMagic) return Damaged("its first bytes are not ours");
  if (const uint8_t format = in.U8(); in.ok() && format != kFormat) {
    return absl::FailedPreconditionError(absl::StrCat("the file '", kIdentityFile, "' has format ",
                                                      format, ", this rookeryd knows ", kFormat,
                                                      ": start the newer rookeryd that wrote it"));
  }
  Identity identity;
  identity.disk_id = in.U64();
  identity.cluster_id = in.U64();
  identity.engine_id = in.U64();
  identity.founder = in.U8() != 0;
  const std::string founding = in.Text();
  const std::string members = in.Text();
  const uint64_t checksum = in.U64();
  if (!in.Finish("identity").ok()) return Damaged("its length is wrong");
  if (checksum != XXH3_64bits(bytes->data(), bytes->size() - 8)) {
    return Damaged("its checksum is wrong");
  }
  if (identity.disk_id == 0) return Damaged("it has no disk id");
  ROOKERY_ASSIGN_OR_RETURN(identity.founding, DecodeFoundingList(founding));
  ROOKERY_ASSIGN_OR_RETURN(identity.members, DecodeMemberList(members));
  return identity;
}

absl::Status StoreIdentity(FileStore* files, const Identity& identity) {
  RecordWriter out;
  out.U32(kMagic);
  out.U8(kFormat);
  out.U64(identity.disk_id);
  out.U64(identity.cluster_id);
  out.U64(identity.engine_id);
  out.U8(identity.founder ? 1 : 0);
  out.Text(EncodeFoundingList(identity.founding));
  out.Text(EncodeMemberList(identity.members));
  out.U64(XXH3_64bits(out.bytes().data(), out.bytes().size()));
  return files->WriteDurably(kIdentityFile, out.bytes());
}

Hello HelloOf(const Identity& identity, uint64_t boot_id, uint32_t level,
              const std::vector<ServerLine>& lines, uint32_t number) {
  Hello hello;
  hello.cluster_id = identity.cluster_id;
  hello.engine_id = identity.engine_id;
  hello.disk_id = identity.disk_id;
  hello.boot_id = boot_id == 0 ? 1 : boot_id;
  hello.level = level;
  hello.state = identity.founded() ? FoundingState::kFounded : FoundingState::kEmpty;
  hello.lines = lines;
  hello.founding = identity.founding;
  hello.origin = identity.founding.origin;
  for (const ServerLine& line : lines) {
    if (line.number == number) hello.line = line;
  }
  ROOKERY_CHECK(hello.line.number == number) << "no server line for server." << number;
  return hello;
}

}  // namespace rookery::consensus
