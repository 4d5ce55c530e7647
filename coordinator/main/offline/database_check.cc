#include "coordinator/main/offline/database_check.h"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"
#include "coordinator/main/offline/journal_check.h"

namespace rookery::offline {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file) return absl::UnavailableError("cannot be read");
  return bytes.str();
}

// The last `size` bytes.
absl::StatusOr<std::string> ReadEnd(const std::string& path, size_t size) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(size, '\0');
  file.seekg(-static_cast<std::streamoff>(size), std::ios::end);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
    return absl::UnavailableError("cannot be read");
  }
  return bytes;
}

absl::Status CheckCurrent(const std::string& directory, const std::string& path) {
  ROOKERY_ASSIGN_OR_RETURN(const std::string text, ReadWhole(path));
  std::error_code error;
  const bool good =
      absl::StartsWith(text, "MANIFEST-") && absl::EndsWith(text, "\n") &&
      fs::exists(absl::StrCat(directory, "/", text.substr(0, text.size() - 1)), error);
  return good ? absl::OkStatus()
              : absl::DataLossError("expected the name of the MANIFEST beside it");
}

absl::Status CheckJournalFile(const std::string& path, bool may_end_early) {
  ROOKERY_ASSIGN_OR_RETURN(const std::string bytes, ReadWhole(path));
  return CheckJournal(bytes, may_end_early);
}

// Of a table only its footer has no checksum, up to version 5: RocksDB reads over the zeros behind
// the two block handles, and over a version that it knows too. All tables of ours have 5 or more.
absl::Status CheckFooter(const std::string& path) {
  constexpr size_t kHandles = 40, kVersion = 4, kMagic = 8;
  ROOKERY_ASSIGN_OR_RETURN(const std::string bytes, ReadEnd(path, kHandles + kVersion + kMagic));
  const auto version = static_cast<uint8_t>(bytes[kHandles]);
  if (version < 5) return absl::DataLossError(absl::StrCat("footer: version ", version));
  if (version > 5) return absl::OkStatus();  // it has a checksum
  const std::string handles = bytes.substr(0, kHandles);
  VarintReader in(handles);
  std::string expected;
  for (int i = 0; i < 4; ++i) PutVarint(in.Varint(), &expected);  // offset and size of each
  expected.resize(kHandles);
  return in.ok() && handles == expected ? absl::OkStatus()
                                        : absl::DataLossError("footer: not as it was written");
}

absl::Status CheckTable(const std::string& path) {
  rocksdb::Options options;
  options.env = rocksdb::Env::Default();
  rocksdb::SstFileReader table(options);
  rocksdb::Status status = table.Open(path);
  if (status.ok()) status = table.VerifyChecksum();
  return status.ok() ? CheckFooter(path) : absl::DataLossError(status.ToString());
}

}  // namespace

void CheckDatabaseFiles(const std::string& directory, Findings* findings) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  if (error) return findings->Add(directory, absl::StrCat("cannot be listed: ", error.message()));
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    const std::string name = path.filename();
    const bool current = name == "CURRENT";
    const bool manifest = absl::StartsWith(name, "MANIFEST-");
    const bool journal = path.extension() == ".log";
    const bool table = path.extension() == ".sst";
    if (!current && !manifest && !journal && !table) continue;
    findings->Begin(path.string());
    findings->Add(path.string(), current ? CheckCurrent(directory, path)
                                 : table ? CheckTable(path)
                                         : CheckJournalFile(path, true));
    findings->Read(fs::file_size(path, error));
  }
}

int OwnerOf(const std::string& directory) {
  const int file = open(absl::StrCat(directory, "/LOCK").c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return 0;
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const int owner = fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? lock.l_pid : 0;
  close(file);
  return owner;
}

}  // namespace rookery::offline
