// Files of RocksDB's journal form: write-ahead logs (*.log) and MANIFEST. RocksDB itself stops at
// the first record that is not whole, in silence, since a power failure may have torn it; here such
// a record is told apart from a file that merely ends.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rookery::offline {

// DataLoss: a record within `bytes` whose checksum, kind or length is wrong; the text says at which
// byte. A last record that goes beyond the end of the file is in order if `may_end_early`: the
// process was killed in the middle of writing it; but not if all of it is there and only its length
// says otherwise.
absl::Status CheckJournal(absl::string_view bytes, bool may_end_early);

// CRC-32C (Castagnoli) of `bytes`.
uint32_t Crc32c(absl::string_view bytes);

}  // namespace rookery::offline
