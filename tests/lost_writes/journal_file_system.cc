#include "tests/lost_writes/journal_file_system.h"

#include <rocksdb/file_system.h>

#include <utility>

#include "absl/strings/string_view.h"

namespace rookery::lost_writes {
namespace {

using rocksdb::FileOptions;
using rocksdb::FSDirectory;
using rocksdb::FSRandomRWFile;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

absl::string_view View(const Slice& slice) { return {slice.data(), slice.size()}; }

class JournalWritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  JournalWritableFile(Journal* journal, Inode inode, uint64_t size,
                      std::unique_ptr<FSWritableFile> real)
      : FSWritableFileOwnerWrapper(std::move(real)),
        journal_(journal),
        inode_(inode),
        size_(size) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* dbg) override {
    IOStatus status;
    journal_->Write(inode_, size_, View(data), [&] {
      return (status = FSWritableFileWrapper::Append(data, options, dbg)).ok();
    });
    if (status.ok()) size_ += data.size();
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* dbg) override {
    return Append(data, options, dbg);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* dbg) override {
    IOStatus status;
    journal_->Truncate(inode_, size, [&] {
      return (status = FSWritableFileWrapper::Truncate(size, options, dbg)).ok();
    });
    if (status.ok()) size_ = size;
    return status;
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    journal_->SyncFile(inode_, [] { return true; });
    return IOStatus::OK();
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    return Sync(options, dbg);
  }
  // A hint, which makes nothing durable.
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  Journal* const journal_;
  const Inode inode_;
  uint64_t size_;
};

class JournalRandomFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  JournalRandomFile(Journal* journal, Inode inode, std::unique_ptr<FSRandomRWFile> real)
      : FSRandomRWFileOwnerWrapper(std::move(real)), journal_(journal), inode_(inode) {}

  IOStatus Write(uint64_t offset, const Slice& data, const IOOptions& options,
                 IODebugContext* dbg) override {
    IOStatus status;
    journal_->Write(inode_, offset, View(data), [&] {
      return (status = FSRandomRWFileWrapper::Write(offset, data, options, dbg)).ok();
    });
    return status;
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    journal_->SyncFile(inode_, [] { return true; });
    return IOStatus::OK();
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    return Sync(options, dbg);
  }

 private:
  Journal* const journal_;
  const Inode inode_;
};

class JournalDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  JournalDirectory(Journal* journal, std::string path, std::unique_ptr<FSDirectory> real)
      : FSDirectoryWrapper(std::move(real)), journal_(journal), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    journal_->SyncDirectory(path_, [] { return true; });
    return IOStatus::OK();
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* dbg,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, dbg);
  }

 private:
  Journal* const journal_;
  const std::string path_;
};

class JournalFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit JournalFileSystem(Journal* journal)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), journal_(journal) {}

  const char* Name() const override { return "JournalFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<FSWritableFile>* file, IODebugContext* dbg) override {
    IOStatus status;
    const auto make = [&] {
      return (status = FileSystemWrapper::NewWritableFile(path, options, file, dbg)).ok();
    };
    const Inode before = journal_->Find(path);
    if (before == 0) {
      journal_->MakeFile(path, make);
    } else {
      journal_->Truncate(before, 0, make);
    }
    if (status.ok()) Wrap(path, 0, file);
    return status;
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<FSWritableFile>* file, IODebugContext* dbg) override {
    uint64_t size = 0;
    IOStatus status = GetFileSize(path, IOOptions(), &size, dbg);
    if (!status.ok()) return NewWritableFile(path, options, file, dbg);
    status = FileSystemWrapper::ReopenWritableFile(path, options, file, dbg);
    if (status.ok()) Wrap(path, size, file);
    return status;
  }
  IOStatus ReuseWritableFile(const std::string&, const std::string&, const FileOptions&,
                             std::unique_ptr<FSWritableFile>*, IODebugContext*) override {
    return IOStatus::NotSupported("files of the log are not used again");
  }
  IOStatus NewRandomRWFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<FSRandomRWFile>* file, IODebugContext* dbg) override {
    const IOStatus status = FileSystemWrapper::NewRandomRWFile(path, options, file, dbg);
    if (status.ok()) {
      *file = std::make_unique<JournalRandomFile>(journal_, journal_->Find(path), std::move(*file));
    }
    return status;
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<FSDirectory>* directory, IODebugContext* dbg) override {
    const IOStatus status = FileSystemWrapper::NewDirectory(path, options, directory, dbg);
    if (status.ok()) {
      *directory = std::make_unique<JournalDirectory>(journal_, path, std::move(*directory));
    }
    return status;
  }
  IOStatus CreateDir(const std::string& path, const IOOptions& options,
                     IODebugContext* dbg) override {
    IOStatus status;
    journal_->MakeDirectory(
        path, [&] { return (status = FileSystemWrapper::CreateDir(path, options, dbg)).ok(); });
    return status;
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options,
                              IODebugContext* dbg) override {
    if (FileExists(path, options, dbg).ok()) return IOStatus::OK();
    return CreateDir(path, options, dbg);
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* dbg) override {
    IOStatus status;
    journal_->Unlink(
        path, [&] { return (status = FileSystemWrapper::DeleteFile(path, options, dbg)).ok(); });
    return status;
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions& options,
                     IODebugContext* dbg) override {
    IOStatus status;
    journal_->Unlink(
        path, [&] { return (status = FileSystemWrapper::DeleteDir(path, options, dbg)).ok(); });
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* dbg) override {
    IOStatus status;
    journal_->Rename(from, to, [&] {
      return (status = FileSystemWrapper::RenameFile(from, to, options, dbg)).ok();
    });
    return status;
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* dbg) override {
    IOStatus status;
    journal_->Link(from, to, [&] {
      return (status = FileSystemWrapper::LinkFile(from, to, options, dbg)).ok();
    });
    return status;
  }
  IOStatus Truncate(const std::string& path, size_t size, const IOOptions& options,
                    IODebugContext* dbg) override {
    IOStatus status;
    journal_->Truncate(journal_->Find(path), size, [&] {
      return (status = FileSystemWrapper::Truncate(path, size, options, dbg)).ok();
    });
    return status;
  }

 private:
  void Wrap(const std::string& path, uint64_t size, std::unique_ptr<FSWritableFile>* file) {
    *file = std::make_unique<JournalWritableFile>(journal_, journal_->Find(path), size,
                                                  std::move(*file));
  }

  Journal* const journal_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> MakeJournalEnv(Journal* journal) {
  return rocksdb::NewCompositeEnv(std::make_shared<JournalFileSystem>(journal));
}

}  // namespace rookery::lost_writes
