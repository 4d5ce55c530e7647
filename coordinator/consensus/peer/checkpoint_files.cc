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

class DiskCheckpointFiles : public CheckpointFiles {
 public:
  DiskCheckpointFiles(std::string root, Disk* disk) : root_(std::move(root)), disk_(disk) {}

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
    absl::StatusOr<std::unique_ptr<DiskFile>> out = disk_->Open(path);
    if (absl::IsNotFound(out.status())) {
      ROOKERY_RETURN_IF_ERROR(disk_->MakeDirectory(Path(directory)));
      out = disk_->Open(path);
    }
    ROOKERY_RETURN_IF_ERROR(out.status());
    return (*out)->WriteAt(offset, bytes);
  }

  absl::Status Truncate(const std::string& directory, const std::string& file,
                        uint64_t size) override {
    const std::string path = FilePath(directory, file);
    std::error_code error;
    if (!fs::exists(path, error)) return Failed("truncate", path, ENOENT);
    ROOKERY_ASSIGN_OR_RETURN(const std::unique_ptr<DiskFile> out, disk_->Open(path));
    return out->Truncate(size);
  }

  absl::Status Sync(const std::string& directory) override {
    ROOKERY_ASSIGN_OR_RETURN(const std::vector<FileSize> files, List(directory));
    for (const FileSize& file : files) {
      ROOKERY_RETURN_IF_ERROR(SyncFile(*disk_, FilePath(directory, file.name)));
    }
    return disk_->SyncDirectory(Path(directory));
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    ROOKERY_RETURN_IF_ERROR(Remove(to));
    ROOKERY_RETURN_IF_ERROR(disk_->Rename(Path(from), Path(to)));
    return disk_->SyncDirectory(root_);
  }

  absl::Status Remove(const std::string& directory) override {
    return disk_->Remove(Path(directory));
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

  const std::string root_;
  Disk* const disk_;
};

}  // namespace

bool IsPlainName(absl::string_view name) {
  if (name.empty() || name.size() > 200 || name[0] == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
  });
}

std::unique_ptr<CheckpointFiles> OpenCheckpointFiles(std::string root, Disk* disk) {
  return std::make_unique<DiskCheckpointFiles>(std::move(root),
                                               disk == nullptr ? &RealDisk() : disk);
}

}  // namespace rookery::consensus
