#include "coordinator/base/disk/disk_file_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery {
namespace {

absl::Status CannotRead(const std::string& path) {
  const int error = errno;
  const std::string text = absl::StrCat("cannot read ", path, ": ", std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(text) : absl::UnavailableError(text);
}

class DiskFileStore final : public FileStore {
 public:
  DiskFileStore(std::string directory, Disk* disk)
      : directory_(std::move(directory)), disk_(disk) {}

  absl::StatusOr<std::string> Read(absl::string_view name) override {
    const std::string path = PathOf(name);
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return CannotRead(path);
    std::string bytes;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = ::read(fd, buffer, sizeof buffer)) != 0) {
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) break;
      bytes.append(buffer, static_cast<size_t>(got));
    }
    const absl::Status status = got < 0 ? CannotRead(path) : absl::OkStatus();
    ::close(fd);
    if (!status.ok()) return status;
    return bytes;
  }

  absl::Status WriteDurably(absl::string_view name, absl::string_view bytes) override {
    {
      const std::lock_guard lock(mutex_);
      open_.erase(std::string(name));
    }
    return ReplaceFileDurably(*disk_, PathOf(name), bytes);
  }

  absl::Status WriteAt(absl::string_view name, uint64_t offset, absl::string_view bytes) override {
    ROOKERY_ASSIGN_OR_RETURN(DiskFile* const file, OpenToOverwrite(name));
    return file->WriteAt(offset, bytes);
  }

 private:
  std::string PathOf(absl::string_view name) const { return absl::StrCat(directory_, "/", name); }

  // Files written in place stay open: they are written at every sync of the log.
  absl::StatusOr<DiskFile*> OpenToOverwrite(absl::string_view name) {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<DiskFile>& file = open_[std::string(name)];
    if (file == nullptr) {
      ROOKERY_ASSIGN_OR_RETURN(file, disk_->Open(PathOf(name)));
    }
    return file.get();
  }

  const std::string directory_;
  Disk* const disk_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<DiskFile>> open_;  // guarded by mutex_
};

}  // namespace

absl::StatusOr<std::unique_ptr<FileStore>> OpenFileStore(std::string directory, Disk* disk) {
  if (disk == nullptr) disk = &RealDisk();
  ROOKERY_RETURN_IF_ERROR(MakeDirectoriesDurably(*disk, directory));
  ROOKERY_RETURN_IF_ERROR(disk->SyncDirectory(directory));
  return std::make_unique<DiskFileStore>(std::move(directory), disk);
}

}  // namespace rookery
