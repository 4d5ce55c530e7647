// Format of the file (record.h):
//
//   restored := u32 magic, u8 format, u8 stage, text state_directory, u64 digest, u64 zxid,
//               u64 XXH3-64 of all before
#include "coordinator/consensus/peer/origin.h"

#include <xxhash.h>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/record.h"

namespace rookery::consensus {
namespace {

constexpr uint32_t kMagic = 0x4f524b52;  // "RKRO"
constexpr uint8_t kFormat = 1;

absl::Status Damaged() {
  return absl::DataLossError(
      absl::StrCat("the file '", kOriginFile,
                   "' in the data directory is damaged: empty the directory and restore into it "
                   "again, or let the server come back with 'rookery ensemble rejoin'"));
}

}  // namespace

uint64_t Origin::Id() const {
  const uint64_t parts[] = {digest, static_cast<uint64_t>(zxid)};
  const uint64_t id = XXH3_64bits(parts, sizeof parts);
  return id == 0 ? 1 : id;
}

absl::StatusOr<Origin> LoadOrigin(FileStore* files) {
  ROOKERY_ASSIGN_OR_RETURN(const std::string bytes, files->Read(kOriginFile));
  RecordReader in(bytes);
  if (in.U32() != kMagic) return Damaged();
  if (const uint8_t format = in.U8(); in.ok() && format != kFormat) {
    return absl::FailedPreconditionError(absl::StrCat("the file '", kOriginFile, "' has format ",
                                                      format, ", this rookeryd knows ", kFormat,
                                                      ": start the newer rookeryd that wrote it"));
  }
  Origin origin;
  const uint8_t stage = in.U8();
  origin.stage = static_cast<Origin::Stage>(stage);
  origin.state_directory = in.Text();
  origin.digest = in.U64();
  origin.zxid = static_cast<int64_t>(in.U64());
  const uint64_t checksum = in.U64();
  if (!in.Finish("restored").ok() || stage < 1 || stage > 3 ||
      checksum != XXH3_64bits(bytes.data(), bytes.size() - 8)) {
    return Damaged();
  }
  return origin;
}

absl::Status StoreOrigin(FileStore* files, const Origin& origin) {
  RecordWriter out;
  out.U32(kMagic);
  out.U8(kFormat);
  out.U8(static_cast<uint8_t>(origin.stage));
  out.Text(origin.state_directory);
  out.U64(origin.digest);
  out.U64(static_cast<uint64_t>(origin.zxid));
  out.U64(XXH3_64bits(out.bytes().data(), out.bytes().size()));
  return files->WriteDurably(kOriginFile, out.bytes());
}

}  // namespace rookery::consensus
