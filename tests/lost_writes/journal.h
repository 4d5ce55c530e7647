// Everything that was done to a directory of the real file system, step by step: who writes through
// journal_disk.h (our own calls) and journal_file_system.h (RocksDB's) does it for real and leaves
// a line here. crash_images.h makes of it what a power failure may have left at any of these steps.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace rookery::lost_writes {

// Files and directories by number, so that a step means the same whatever it is called later.
using Inode = uint64_t;
inline constexpr Inode kRoot = 1;

struct Step {
  enum class Kind {
    kMakeFile,       // directory, name, inode
    kMakeDirectory,  // directory, name, inode
    kLink,           // directory, name, inode: another name of a file
    kUnlink,         // directory, name; also of an empty directory
    kRename,         // directory, name -> to_directory, to_name
    kWrite,          // inode, offset, bytes
    kTruncate,       // inode, offset (the new size)
    kSyncFile,       // inode
    kSyncDirectory,  // inode
  };
  Kind kind = Kind::kWrite;
  Inode inode = 0;
  Inode directory = 0;
  Inode to_directory = 0;
  std::string name;
  std::string to_name;
  uint64_t offset = 0;
  std::string bytes;
};

// "write 12 bytes at 40 of log/000004.log", with the path as it was then.
struct NamedStep {
  Step step;
  std::string path;
};
std::string ToText(const NamedStep& named);

// Any thread. What lies outside of the root, or was made past the journal (LOCK, LOG), is ignored.
class Journal {
 public:
  // `root` exists and is empty.
  explicit Journal(std::string root) : root_(std::move(root)) {}

  const std::string& root() const { return root_; }
  // Steps of this kind leave no line from now on: a mistake planted, to see that it is found.
  void Forget(Step::Kind kind) { forgotten_.insert(kind); }

  // How many steps there are: a place in time.
  size_t size() const;
  // REQUIRES: nobody writes any more.
  const std::vector<NamedStep>& steps() const { return steps_; }

  // Each runs `call` and leaves its line if that returned true, in one step for other threads.
  bool MakeFile(const std::string& path, absl::FunctionRef<bool()> call);
  bool MakeDirectory(const std::string& path, absl::FunctionRef<bool()> call);
  bool Link(const std::string& from, const std::string& to, absl::FunctionRef<bool()> call);
  // A file, or an empty directory.
  bool Unlink(const std::string& path, absl::FunctionRef<bool()> call);
  bool Rename(const std::string& from, const std::string& to, absl::FunctionRef<bool()> call);
  bool SyncDirectory(const std::string& path, absl::FunctionRef<bool()> call);
  // By inode (0: one that the journal does not know), since a file keeps being written after it was
  // renamed.
  bool Write(Inode inode, uint64_t offset, absl::string_view bytes, absl::FunctionRef<bool()> call);
  bool Truncate(Inode inode, uint64_t size, absl::FunctionRef<bool()> call);
  bool SyncFile(Inode inode, absl::FunctionRef<bool()> call);

  // 0: there is none.
  Inode Find(const std::string& path) const;

 private:
  struct Place {
    Inode directory = 0;
    std::string name;
  };
  // REQUIRES, for all below: mutex_ is held.
  bool Place_(const std::string& path, Place* place) const;
  Inode FindIn(Inode directory, const std::string& name) const;
  void Add(Step step, const std::string& path);

  const std::string root_;
  mutable std::mutex mutex_;
  std::map<Inode, std::map<std::string, Inode>> directories_ = {{kRoot, {}}};
  Inode last_ = kRoot;
  std::map<Inode, std::string> paths_;  // the first name of each, for people
  std::vector<NamedStep> steps_;
  std::set<Step::Kind> forgotten_;
};

}  // namespace rookery::lost_writes
