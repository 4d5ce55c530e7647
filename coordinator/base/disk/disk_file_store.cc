#include "coordinator/base/disk/disk_file_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery {
namespace {

absl::Status Failed(absl::string_view what, const std::string& path) {
  const int error = errno;
  const std::string text = absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(text);
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(text);
  return absl::UnavailableError(text);
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

absl::Status WriteAll(int fd, absl::string_view bytes, uint64_t offset, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", path);
    bytes.remove_prefix(written);
    offset += written;
  }
  return absl::OkStatus();
}

class DiskFileStore final : public FileStore {
 public:
  explicit DiskFileStore(std::string directory) : directory_(std::move(directory)) {}
  ~DiskFileStore() override {
    for (const auto& [name, fd] : open_) ::close(fd);
  }

  absl::StatusOr<std::string> Read(absl::string_view name) override {
    const std::string path = PathOf(name);
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.ok()) return Failed("open", path);
    std::string bytes;
    char buffer[4096];
    while (true) {
      const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Failed("read", path);
      if (got == 0) return bytes;
      bytes.append(buffer, got);
    }
  }

  absl::Status WriteDurably(absl::string_view name, absl::string_view bytes) override {
    const std::string path = PathOf(name);
    const std::string beside = absl::StrCat(path, ".new");
    Forget(name);
    {
      const FileDescriptor file(
          ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
      if (!file.ok()) return Failed("create", beside);
      ROOKERY_RETURN_IF_ERROR(WriteAll(file.get(), bytes, 0, beside));
      if (::fsync(file.get()) != 0) return Failed("sync", beside);
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) return Failed("rename to", path);
    return SyncDirectory();
  }

  absl::Status WriteAt(absl::string_view name, uint64_t offset, absl::string_view bytes) override {
    ROOKERY_ASSIGN_OR_RETURN(const int fd, OpenToOverwrite(name));
    return WriteAll(fd, bytes, offset, PathOf(name));
  }

 private:
  std::string PathOf(absl::string_view name) const { return absl::StrCat(directory_, "/", name); }

  // Files written in place stay open: they are written at every sync of the log.
  absl::StatusOr<int> OpenToOverwrite(absl::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto at = open_.find(std::string(name));
    if (at != open_.end()) return at->second;
    const std::string path = PathOf(name);
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return Failed("open", path);
    open_[std::string(name)] = fd;
    return fd;
  }
  void Forget(absl::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto at = open_.find(std::string(name));
    if (at == open_.end()) return;
    ::close(at->second);
    open_.erase(at);
  }
  absl::Status SyncDirectory() {
    const FileDescriptor directory(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.ok()) return Failed("open", directory_);
    if (::fsync(directory.get()) != 0) return Failed("sync", directory_);
    return absl::OkStatus();
  }

  const std::string directory_;
  std::mutex mutex_;
  std::map<std::string, int> open_;  // guarded by mutex_
};

}  // namespace

absl::StatusOr<std::unique_ptr<FileStore>> OpenFileStore(std::string directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot make the directory ", directory, ": ", error.message()));
  }
  return std::make_unique<DiskFileStore>(std::move(directory));
}

}  // namespace rookery
