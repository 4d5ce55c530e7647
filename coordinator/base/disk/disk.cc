#include "coordinator/base/disk/disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(absl::string_view what, const std::string& path, int error) {
  const std::string text = absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(text);
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(text);
  return absl::UnavailableError(text);
}

class RealFile final : public DiskFile {
 public:
  RealFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~RealFile() override { ::close(fd_); }

  absl::Status WriteAt(uint64_t offset, absl::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed("write", path_, errno);
      bytes.remove_prefix(static_cast<size_t>(written));
      offset += static_cast<uint64_t>(written);
    }
    return absl::OkStatus();
  }
  absl::Status Truncate(uint64_t size) override {
    return ::ftruncate(fd_, static_cast<off_t>(size)) == 0 ? absl::OkStatus()
                                                           : Failed("truncate", path_, errno);
  }
  absl::Status Sync() override {
    return ::fsync(fd_) == 0 ? absl::OkStatus() : Failed("sync", path_, errno);
  }

 private:
  const int fd_;
  const std::string path_;
};

class SystemDisk final : public Disk {
 public:
  absl::StatusOr<std::unique_ptr<DiskFile>> Open(const std::string& path) override {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return Failed("open", path, errno);
    return std::make_unique<RealFile>(fd, path);
  }
  absl::Status MakeDirectory(const std::string& path) override {
    if (::mkdir(path.c_str(), 0755) == 0) return absl::OkStatus();
    const int error = errno;
    std::error_code ignored;
    return error == EEXIST && fs::is_directory(path, ignored)
               ? absl::OkStatus()
               : Failed("make the directory", path, error);
  }
  absl::Status SyncDirectory(const std::string& path) override {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return Failed("open", path, errno);
    const absl::Status status =
        ::fsync(fd) == 0 ? absl::OkStatus() : Failed("sync the directory", path, errno);
    ::close(fd);
    return status;
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    return ::rename(from.c_str(), to.c_str()) == 0
               ? absl::OkStatus()
               : Failed(absl::StrCat("rename to ", to, " from"), from, errno);
  }
  absl::Status Remove(const std::string& path) override {
    std::error_code error;
    fs::remove_all(path, error);
    return error ? Failed("remove", path, error.value()) : absl::OkStatus();
  }
};

std::string DirectoryOf(const std::string& path) {
  const std::string parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent;
}

}  // namespace

Disk& RealDisk() {
  static SystemDisk disk;
  return disk;
}

absl::Status MakeDirectoriesDurably(Disk& disk, const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return absl::OkStatus();
  // "a/" is "a".
  if (!path.empty() && path.back() == '/' && path.size() > 1) {
    return MakeDirectoriesDurably(disk, path.substr(0, path.size() - 1));
  }
  const std::string parent = DirectoryOf(path);
  if (parent != path) ROOKERY_RETURN_IF_ERROR(MakeDirectoriesDurably(disk, parent));
  ROOKERY_RETURN_IF_ERROR(disk.MakeDirectory(path));
  return disk.SyncDirectory(parent);
}

absl::Status ReplaceFileDurably(Disk& disk, const std::string& path, absl::string_view bytes) {
  const std::string beside = absl::StrCat(path, ".new");
  {
    ROOKERY_ASSIGN_OR_RETURN(const std::unique_ptr<DiskFile> file, disk.Open(beside));
    ROOKERY_RETURN_IF_ERROR(file->Truncate(0));
    ROOKERY_RETURN_IF_ERROR(file->WriteAt(0, bytes));
    ROOKERY_RETURN_IF_ERROR(file->Sync());
  }
  ROOKERY_RETURN_IF_ERROR(disk.Rename(beside, path));
  return disk.SyncDirectory(DirectoryOf(path));
}

absl::Status SyncFile(Disk& disk, const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return Failed("sync", path, ENOENT);
  ROOKERY_ASSIGN_OR_RETURN(const std::unique_ptr<DiskFile> file, disk.Open(path));
  return file->Sync();
}

}  // namespace rookery
