#include "tests/lost_writes/journal_disk.h"

#include <filesystem>
#include <utility>

#include "coordinator/base/status_macros.h"

namespace rookery::lost_writes {
namespace {

namespace fs = std::filesystem;

class JournalFile final : public DiskFile {
 public:
  JournalFile(Journal* journal, Inode inode, std::unique_ptr<DiskFile> real)
      : journal_(journal), inode_(inode), real_(std::move(real)) {}

  absl::Status WriteAt(uint64_t offset, absl::string_view bytes) override {
    absl::Status status;
    journal_->Write(inode_, offset, bytes,
                    [&] { return (status = real_->WriteAt(offset, bytes)).ok(); });
    return status;
  }
  absl::Status Truncate(uint64_t size) override {
    absl::Status status;
    journal_->Truncate(inode_, size, [&] { return (status = real_->Truncate(size)).ok(); });
    return status;
  }
  absl::Status Sync() override {
    journal_->SyncFile(inode_, [] { return true; });
    return absl::OkStatus();
  }

 private:
  Journal* const journal_;
  const Inode inode_;
  const std::unique_ptr<DiskFile> real_;
};

class JournalDisk final : public Disk {
 public:
  explicit JournalDisk(Journal* journal) : journal_(journal) {}

  absl::StatusOr<std::unique_ptr<DiskFile>> Open(const std::string& path) override {
    absl::StatusOr<std::unique_ptr<DiskFile>> real = absl::UnknownError("not opened");
    const auto open = [&] { return (real = RealDisk().Open(path)).ok(); };
    if (fs::exists(path)) {
      open();
    } else {
      journal_->MakeFile(path, open);
    }
    ROOKERY_RETURN_IF_ERROR(real.status());
    return std::make_unique<JournalFile>(journal_, journal_->Find(path), *std::move(real));
  }
  absl::Status MakeDirectory(const std::string& path) override {
    if (fs::is_directory(path)) return absl::OkStatus();
    absl::Status status;
    journal_->MakeDirectory(path, [&] { return (status = RealDisk().MakeDirectory(path)).ok(); });
    return status;
  }
  absl::Status SyncDirectory(const std::string& path) override {
    absl::Status status = fs::is_directory(path) ? absl::OkStatus() : absl::NotFoundError(path);
    journal_->SyncDirectory(path, [&] { return status.ok(); });
    return status;
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    absl::Status status;
    journal_->Rename(from, to, [&] { return (status = RealDisk().Rename(from, to)).ok(); });
    return status;
  }
  // Name by name, as the system does it.
  absl::Status Remove(const std::string& path) override {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(path, error))) return absl::OkStatus();
    if (fs::is_directory(path)) {
      std::vector<std::string> inside;
      for (const auto& entry : fs::directory_iterator(path)) inside.push_back(entry.path());
      for (const std::string& each : inside) ROOKERY_RETURN_IF_ERROR(Remove(each));
    }
    absl::Status status;
    journal_->Unlink(path, [&] { return (status = RealDisk().Remove(path)).ok(); });
    return status;
  }

 private:
  Journal* const journal_;
};

}  // namespace

std::unique_ptr<Disk> MakeJournalDisk(Journal* journal) {
  return std::make_unique<JournalDisk>(journal);
}

}  // namespace rookery::lost_writes
