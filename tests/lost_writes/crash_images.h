// What a power failure may leave of a journaled directory. Only these are sure: bytes of a file up
// to its last sync, and names in a directory up to its last sync. A rename is one step, durable
// once either of its directories was synced. Of everything else each step may have reached the disk
// or not, in any order over files and directories; the kinds below are the corners of that, and two
// that are drawn from a seed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/lost_writes/journal.h"

namespace rookery::lost_writes {

enum class Loss {
  kNothing,  // the process was killed: the page cache lives on
  kAll,      // neither bytes nor names that were not synced
  kBytes,    // names are there, bytes that were not synced are not
  kZeros,    // names and sizes are there, zeros in the place of new bytes
  kNames,    // bytes are there, names that were not synced are not
  kTorn,     // the first steps reached the disk, the last of them in part
  kMixed,    // of each file and each directory more or less
};
inline constexpr std::array<Loss, 7> kLosses = {Loss::kNothing, Loss::kAll,   Loss::kBytes,
                                                Loss::kZeros,   Loss::kNames, Loss::kTorn,
                                                Loss::kMixed};
absl::string_view NameOf(Loss loss);

// A directory tree: bytes of files by path below the root, and directories.
struct Image {
  std::map<std::string, std::string> files;
  std::vector<std::string> directories;  // each after the one around it

  // Makes it below `root`, which exists and is empty.
  void WriteTo(const std::string& root) const;
  uint64_t Hash() const;
};

// Goes through the steps of a journal.
class CrashImages {
 public:
  // `steps` outlive it.
  explicit CrashImages(const std::vector<NamedStep>& steps) : steps_(steps) {}

  // One step further. REQUIRES: at() < steps.size().
  void Next();
  size_t at() const { return at_; }
  // What a failure right now leaves.
  Image Make(Loss loss, uint64_t seed) const;

 private:
  using Names = std::map<std::string, Inode>;
  struct File {
    std::string now;
    std::string durable;
    std::vector<size_t> pending;  // writes and truncations since the last sync, by step
  };
  struct Disk {
    std::map<Inode, Names> directories = {{kRoot, {}}};
  };

  static void ApplyName(const Step& step, Disk* disk);
  static void ApplyBytes(const Step& step, size_t length, std::string* bytes);
  void SyncDirectory(Inode inode);
  std::string BytesOf(const File& file, Loss loss, uint64_t* seed, size_t torn_at) const;
  Disk NamesOf(Loss loss, uint64_t* seed, size_t torn_at) const;

  const std::vector<NamedStep>& steps_;
  size_t at_ = 0;
  std::map<Inode, File> files_;
  Disk now_;
  Disk durable_;
  std::vector<size_t> pending_names_;  // since nobody synced their directories, by step
};

}  // namespace rookery::lost_writes
