#include "coordinator/consensus/peer/checkpoint_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/status_macros.h"

namespace rookery::consensus {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(absl::string_view what, const std::string& path, int error) {
  const std::string text = absl::StrCat(what, " ", path, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(text);
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(text);
  return absl::InternalError(text);
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

absl::Status SyncPath(const std::string& path, int flags) {
  Descriptor file(path, flags);
  if (!file.ok()) return Failed("open", path, errno);
  if (::fsync(file.get()) != 0) return Failed("sync", path, errno);
  return absl::OkStatus();
}

class DiskCheckpointFiles : public CheckpointFiles {
 public:
  explicit DiskCheckpointFiles(std::string root) : root_(std::move(root)) {}

  absl::StatusOr<std::vector<std::string>> Directories() override {
    std::error_code error;
    fs::directory_iterator entries(root_, error);
    std::vector<std::string> names;
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      const std::string name = entries->path().filename().string();
      std::error_code ignored;
      if (entries->is_directory(ignored) && IsPlainName(name)) names.push_back(name);
    }
    if (error) return Failed("list", root_, error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::StatusOr<std::vector<FileSize>> List(const std::string& directory) override {
    std::error_code error;
    fs::directory_iterator entries(Path(directory), error);
    if (error) return Failed("list", Path(directory), error.value());
    std::vector<FileSize> files;
    for (; entries != fs::directory_iterator(); entries.increment(error)) {
      const std::string name = entries->path().filename().string();
      if (!entries->is_regular_file(error) || !IsPlainName(name)) {
        return absl::FailedPreconditionError(
            absl::StrCat(entries->path().string(), " is no plain file: expected only those"));
      }
      const uint64_t size = entries->file_size(error);
      if (error) return Failed("stat", entries->path().string(), error.value());
      files.push_back({name, size});
    }
    if (error) return Failed("list", Path(directory), error.value());
    std::sort(files.begin(), files.end(),
              [](const FileSize& a, const FileSize& b) { return a.name < b.name; });
    return files;
  }

  absl::StatusOr<std::string> Read(const std::string& directory, const std::string& file,
                                   uint64_t offset, size_t size) override {
    const std::string path = FilePath(directory, file);
    Descriptor in(path, O_RDONLY);
    if (!in.ok()) return Failed("open", path, errno);
    std::string bytes(size, '\0');
    size_t got = 0;
    while (got < size) {
      const ssize_t n =
          ::pread(in.get(), bytes.data() + got, size - got, static_cast<off_t>(offset + got));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Failed("read", path, errno);
      if (n == 0) break;
      got += static_cast<size_t>(n);
    }
    bytes.resize(got);
    return bytes;
  }

  absl::Status Write(const std::string& directory, const std::string& file, uint64_t offset,
                     absl::string_view bytes) override {
    const std::string path = FilePath(directory, file);
    Descriptor out(path, O_WRONLY | O_CREAT);
    if (!out.ok() && errno == ENOENT) {
      if (::mkdir(Path(directory).c_str(), 0755) != 0 && errno != EEXIST) {
        return Failed("make", Path(directory), errno);
      }
      return Write(directory, file, offset, bytes);
    }
    if (!out.ok()) return Failed("open", path, errno);
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(out.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Failed("write", path, errno);
      bytes.remove_prefix(static_cast<size_t>(n));
      offset += static_cast<uint64_t>(n);
    }
    return absl::OkStatus();
  }

  absl::Status Truncate(const std::string& directory, const std::string& file,
                        uint64_t size) override {
    const std::string path = FilePath(directory, file);
    if (::truncate(path.c_str(), static_cast<off_t>(size)) != 0) {
      return Failed("truncate", path, errno);
    }
    return absl::OkStatus();
  }

  absl::Status Sync(const std::string& directory) override {
    ROOKERY_ASSIGN_OR_RETURN(const std::vector<FileSize> files, List(directory));
    for (const FileSize& file : files) {
      ROOKERY_RETURN_IF_ERROR(SyncPath(FilePath(directory, file.name), O_RDONLY));
    }
    return SyncPath(Path(directory), O_RDONLY | O_DIRECTORY);
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    ROOKERY_RETURN_IF_ERROR(Remove(to));
    if (::rename(Path(from).c_str(), Path(to).c_str()) != 0) {
      return Failed("rename", Path(from), errno);
    }
    return SyncPath(root_, O_RDONLY | O_DIRECTORY);
  }

  absl::Status Remove(const std::string& directory) override {
    std::error_code error;
    fs::remove_all(Path(directory), error);
    return error ? Failed("remove", Path(directory), error.value()) : absl::OkStatus();
  }

  std::string Path(const std::string& directory) const override {
    ROOKERY_CHECK(IsPlainName(directory)) << "a directory named '" << directory << "'";
    return absl::StrCat(root_, "/", directory);
  }

 private:
  std::string FilePath(const std::string& directory, const std::string& file) const {
    ROOKERY_CHECK(IsPlainName(file)) << "a file named '" << file << "'";
    return absl::StrCat(Path(directory), "/", file);
  }

  std::string root_;
};

}  // namespace

bool IsPlainName(absl::string_view name) {
  if (name.empty() || name.size() > 200 || name[0] == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
  });
}

std::unique_ptr<CheckpointFiles> OpenCheckpointFiles(std::string root) {
  return std::make_unique<DiskCheckpointFiles>(std::move(root));
}

}  // namespace rookery::consensus
