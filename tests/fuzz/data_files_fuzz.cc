// The small files of a data directory: identity, durable mark, FORMAT. First byte: an odd one puts
// the right checksums in, which a fuzzer does not guess.
#include <xxhash.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "coordinator/base/check.h"
#include "coordinator/base/varint.h"
#include "coordinator/consensus/log/durable_mark.h"
#include "coordinator/consensus/peer/identity.h"
#include "coordinator/store/state_names.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/memory_files.h"

namespace {

namespace consensus = rookery::consensus;
using rookery::fuzz::MemoryFiles;

// `bytes` with its last eight replaced by the hash of those before.
std::string Sealed(absl::string_view bytes) {
  if (bytes.size() < 8) return std::string(bytes);
  std::string sealed(bytes.substr(0, bytes.size() - 8));
  rookery::PutFixed64(XXH3_64bits(sealed.data(), sealed.size()), &sealed);
  return sealed;
}

std::string SealedSlots(absl::string_view bytes) {
  constexpr size_t kSlotBytes = 48;
  std::string sealed;
  for (size_t at = 0; at < bytes.size(); at += kSlotBytes) {
    std::string slot(bytes.substr(at, kSlotBytes));
    if (slot.size() > 7) slot[7] = 0;  // its sequence counts writes, and no log has 2^56
    sealed += Sealed(slot);
  }
  return sealed;
}

void ReadIdentity(std::string bytes) {
  MemoryFiles files;
  files.files[consensus::kIdentityFile] = bytes;
  const auto identity = consensus::LoadOrCreateIdentity(&files, 1);
  if (!identity.ok()) {
    // A damaged file is left alone: it may be what a person repairs.
    ROOKERY_CHECK(files.files[consensus::kIdentityFile] == bytes);
    return;
  }
  ROOKERY_CHECK(identity->disk_id != 0);
  ROOKERY_CHECK(consensus::StoreIdentity(&files, *identity).ok());
  const auto again = consensus::LoadOrCreateIdentity(&files, 1);
  ROOKERY_CHECK(again.ok() && *again == *identity);
}

void ReadMark(std::string bytes) {
  MemoryFiles files;
  files.files[std::string(consensus::DurableMarkFile::kName)] = std::move(bytes);
  consensus::DurableMarkFile file(&files);
  if (!file.Read().ok()) return;
  // Whatever stood there: what is written now is what is read next.
  const consensus::DurableMark mark = {.last_term = 3, .last_index = 9, .term = 3, .vote = 1};
  ROOKERY_CHECK(file.Write(mark).ok());
  const auto read = consensus::DurableMarkFile(&files).Read();
  ROOKERY_CHECK(read.ok() && *read == mark) << "the mark that was written is not the one read";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rookery::fuzz::FuzzInput input(rookery::fuzz::Bytes(data, size));
  const bool seal = input.Byte() % 2 != 0;
  const absl::string_view bytes = input.Rest();
  ReadIdentity(seal ? Sealed(bytes) : std::string(bytes));
  ReadMark(seal ? SealedSlots(bytes) : std::string(bytes));
  if (rookery::store::CheckFormat("state-1", bytes).ok()) {
    ROOKERY_CHECK(bytes.find("rookery-state") == 0) << bytes;
  }
  (void)rookery::store::NumberOfState(bytes);
  return 0;
}
