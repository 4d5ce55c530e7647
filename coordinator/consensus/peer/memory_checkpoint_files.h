// Checkpoint files in memory, for tests and the simulator: a power failure loses what was not
// synced.
#pragma once

#include <map>
#include <string>

#include "absl/functional/any_invocable.h"
#include "coordinator/consensus/peer/checkpoint_files.h"

namespace rookery::consensus {

class MemoryCheckpointFiles : public CheckpointFiles {
 public:
  // Names and contents go back to what was durable; a file that was written and not synced keeps
  // its present size, with zeros, which is what file systems do at their worst.
  void LosePower();
  // Asked before every change; an error is what the change fails with. Null: nothing fails.
  void SetOnChange(absl::AnyInvocable<absl::Status(const std::string& directory)> on_change);

  absl::StatusOr<std::vector<std::string>> Directories() override;
  absl::StatusOr<std::vector<FileSize>> List(const std::string& directory) override;
  absl::StatusOr<std::string> Read(const std::string& directory, const std::string& file,
                                   uint64_t offset, size_t size) override;
  absl::Status Write(const std::string& directory, const std::string& file, uint64_t offset,
                     absl::string_view bytes) override;
  absl::Status Truncate(const std::string& directory, const std::string& file,
                        uint64_t size) override;
  absl::Status Sync(const std::string& directory) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& directory) override;
  std::string Path(const std::string& directory) const override;

  // Removes a directory, asking nobody.
  virtual void Drop(const std::string& directory) { directories_.erase(directory); }
  bool Has(const std::string& directory) const { return directories_.count(directory) > 0; }
  // Whether a power failure would leave it as it is.
  bool IsDurable(const std::string& directory) const;
  // The bytes of a file, to be damaged on the disk; null: there is no such file.
  std::string* Bytes(const std::string& directory, const std::string& file);
  void DropFile(const std::string& directory, const std::string& file) {
    directories_[directory].erase(file);
  }

 private:
  struct File {
    std::string bytes;
    std::string durable;
    bool named = false;  // its name would survive
  };
  using Directory = std::map<std::string, File>;

  absl::Status Ask(const std::string& directory);
  absl::StatusOr<File*> Find(const std::string& directory, const std::string& file);

  std::map<std::string, Directory> directories_;
  absl::AnyInvocable<absl::Status(const std::string&)> on_change_;
};

}  // namespace rookery::consensus
