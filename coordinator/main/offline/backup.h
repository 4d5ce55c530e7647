// A backup on disk:
//
//   <backup>/BACKUP    what it is, as text; the last file that is written
//   <backup>/state/    the files of a checkpoint (store/rocks)
//
// BACKUP, line by line (numbers decimal, ids and digests in hexadecimal):
//
//   rookery-backup 1
//   version <program>
//   cluster <id>
//   server <N>
//   entry <number> <term>
//   zxid <hexadecimal with 0x>
//   nodes <number>
//   sessions <number>
//   digest <digest>
//   taken <milliseconds since 1970>
//   file <name> <size> <XXH3-64>        one for each, by name
//   checksum <XXH3-64 of all lines before>
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rookery::offline {

inline constexpr int kBackupFormat = 1;
inline constexpr char kBackupFile[] = "BACKUP";
inline constexpr char kBackupState[] = "state";

struct Backup {
  std::string version;
  uint64_t cluster_id = 0;
  uint32_t server = 0;
  uint64_t index = 0;
  uint64_t term = 0;
  int64_t zxid = 0;
  uint64_t nodes = 0;
  uint64_t sessions = 0;
  uint64_t digest = 0;
  int64_t time_ms = 0;
  struct File {
    std::string name;
    uint64_t size = 0;
    uint64_t checksum = 0;
    bool operator==(const File&) const = default;
  };
  std::vector<File> files;
  bool operator==(const Backup&) const = default;
};

std::string EncodeBackup(const Backup& backup);
// DataLoss: damaged, or no backup's text. FailedPrecondition: a newer format, by number.
absl::StatusOr<Backup> DecodeBackup(const std::string& text);

// NotFound: `directory` holds no backup, or one that was not ended.
absl::StatusOr<Backup> ReadBackup(const std::string& directory);

// Reads every file and recomputes the digest over all nodes and sessions. DataLoss names the first
// file that is not as BACKUP says, or what the digests are.
absl::Status VerifyBackup(const std::string& directory, const Backup& backup);

// The checksum of a file, and its size. NotFound: it is missing.
absl::StatusOr<Backup::File> ChecksumOf(const std::string& directory, const std::string& name);

}  // namespace rookery::offline
