// A copy of a server's state, written to a directory that gets its name once all of it is there,
// verified and durable.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/base/disk/disk.h"
#include "coordinator/main/offline/backup.h"
#include "rookery/v1/ensemble.pb.h"

namespace rookery::tools::backup {

// Begin(), TakePiece() each time, Finish(). After an error, or without Finish(), the target does
// not exist; what was received lies in "<target>.partial", which the next Begin() empties.
class Receiver {
 public:
  explicit Receiver(std::string target) : target_(std::move(target)) {}

  // AlreadyExists: there is something of that name.
  absl::Status Begin(const v1::BackUpFacts& facts);
  absl::Status TakePiece(const v1::BackUpPiece& piece);
  // Verifies what lies on the disk against the digest, writes what it is, and names it.
  absl::StatusOr<offline::Backup> Finish();

  uint64_t bytes() const { return bytes_; }
  uint64_t bytes_expected() const { return bytes_expected_; }

 private:
  absl::Status CloseFile();
  std::string Partial() const { return target_ + ".partial"; }
  std::string State() const;

  const std::string target_;
  offline::Backup backup_;
  std::unique_ptr<DiskFile> file_;  // that is being received
  size_t next_ = 0;                 // of the files: the one that is, or comes next
  uint64_t offset_ = 0;             // in it
  uint64_t bytes_ = 0;
  uint64_t bytes_expected_ = 0;
  bool begun_ = false;
};

}  // namespace rookery::tools::backup
