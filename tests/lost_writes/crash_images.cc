#include "tests/lost_writes/crash_images.h"

#include <xxhash.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/random.h"

namespace rookery::lost_writes {
namespace {

namespace fs = std::filesystem;

// 0 to `most`.
uint64_t Draw(uint64_t* seed, uint64_t most) {
  Random random(*seed);
  *seed = random.Next();
  return random.Next() % (most + 1);
}

bool IsName(Step::Kind kind) {
  switch (kind) {
    case Step::Kind::kMakeFile:
    case Step::Kind::kMakeDirectory:
    case Step::Kind::kLink:
    case Step::Kind::kUnlink:
    case Step::Kind::kRename:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::string_view NameOf(Loss loss) {
  switch (loss) {
    case Loss::kNothing:
      return "nothing lost";
    case Loss::kAll:
      return "all lost";
    case Loss::kBytes:
      return "bytes lost, names kept";
    case Loss::kZeros:
      return "zeros instead of bytes";
    case Loss::kNames:
      return "names lost, bytes kept";
    case Loss::kTorn:
      return "torn";
    case Loss::kMixed:
      return "mixed";
  }
  return "";
}

void Image::WriteTo(const std::string& root) const {
  for (const std::string& directory : directories) fs::create_directory(root + "/" + directory);
  for (const auto& [path, bytes] : files) {
    std::ofstream(root + "/" + path, std::ios::binary) << bytes;
  }
}

uint64_t Image::Hash() const {
  uint64_t hash = 0;
  const auto add = [&hash](absl::string_view text) {
    hash = XXH3_64bits_withSeed(text.data(), text.size(), hash);
  };
  for (const auto& [path, bytes] : files) {
    add(path);
    add(bytes);
  }
  for (const std::string& directory : directories) add(directory);
  return hash;
}

void CrashImages::ApplyName(const Step& step, Disk* disk) {
  switch (step.kind) {
    case Step::Kind::kMakeDirectory:
      disk->directories[step.inode];
      [[fallthrough]];
    case Step::Kind::kMakeFile:
    case Step::Kind::kLink:
      disk->directories[step.directory][step.name] = step.inode;
      return;
    case Step::Kind::kUnlink:
      disk->directories[step.directory].erase(step.name);
      return;
    case Step::Kind::kRename:
      disk->directories[step.directory].erase(step.name);
      disk->directories[step.to_directory][step.to_name] = step.inode;
      return;
    default:
      ROOKERY_CHECK(false) << "no step of names";
  }
}

void CrashImages::ApplyBytes(const Step& step, size_t length, std::string* bytes) {
  if (step.kind == Step::Kind::kTruncate) {
    bytes->resize(step.offset);
    return;
  }
  if (length == 0) return;
  if (bytes->size() < step.offset + length) bytes->resize(step.offset + length);
  bytes->replace(step.offset, length, step.bytes, 0, length);
}

void CrashImages::SyncDirectory(Inode inode) {
  std::vector<size_t> still;
  for (const size_t each : pending_names_) {
    const Step& step = steps_[each].step;
    if (step.directory == inode || step.to_directory == inode) {
      ApplyName(step, &durable_);
    } else {
      still.push_back(each);
    }
  }
  pending_names_ = std::move(still);
}

void CrashImages::Next() {
  ROOKERY_CHECK(at_ < steps_.size()) << "there are no more steps";
  const Step& step = steps_[at_].step;
  if (IsName(step.kind)) {
    ApplyName(step, &now_);
    pending_names_.push_back(at_);
    if (step.kind == Step::Kind::kMakeFile) files_[step.inode];
  } else if (step.kind == Step::Kind::kSyncDirectory) {
    SyncDirectory(step.inode);
  } else {
    File& file = files_[step.inode];
    if (step.kind == Step::Kind::kSyncFile) {
      file.durable = file.now;
      file.pending.clear();
    } else {
      ApplyBytes(step, step.bytes.size(), &file.now);
      file.pending.push_back(at_);
    }
  }
  ++at_;
}

std::string CrashImages::BytesOf(const File& file, Loss loss, uint64_t* seed,
                                 size_t torn_at) const {
  if (file.pending.empty()) return file.now;
  switch (loss) {
    case Loss::kNothing:
    case Loss::kNames:
      return file.now;
    case Loss::kAll:
    case Loss::kBytes:
      return file.durable;
    case Loss::kZeros: {
      std::string bytes = file.durable;
      bytes.resize(file.now.size());
      return bytes;
    }
    case Loss::kTorn:
    case Loss::kMixed:
      break;
  }
  // Steps before `end` as a whole, that at `end` in part.
  std::string bytes = file.durable;
  const size_t end = loss == Loss::kTorn
                         ? torn_at
                         : file.pending[Draw(seed, file.pending.size() - 1)] + Draw(seed, 1);
  for (const size_t each : file.pending) {
    const Step& step = steps_[each].step;
    if (each > end) break;
    if (each == end && step.kind == Step::Kind::kTruncate) break;
    ApplyBytes(step, each < end ? step.bytes.size() : Draw(seed, step.bytes.size()), &bytes);
  }
  return bytes;
}

CrashImages::Disk CrashImages::NamesOf(Loss loss, uint64_t* seed, size_t torn_at) const {
  switch (loss) {
    case Loss::kNothing:
    case Loss::kBytes:
    case Loss::kZeros:
      return now_;
    case Loss::kAll:
    case Loss::kNames:
      return durable_;
    case Loss::kTorn:
    case Loss::kMixed:
      break;
  }
  Disk disk = durable_;
  std::map<Inode, size_t> ends;  // of kMixed: by directory
  const auto reached = [&](Inode directory, size_t step) {
    if (directory == 0) return true;
    if (loss == Loss::kTorn) return step < torn_at;
    const auto [end, fresh] = ends.emplace(directory, 0);
    if (fresh) end->second = pending_names_[Draw(seed, pending_names_.size() - 1)] + Draw(seed, 1);
    return step < end->second;
  };
  for (const size_t each : pending_names_) {
    const Step& step = steps_[each].step;
    if (reached(step.directory, each) && reached(step.to_directory, each)) ApplyName(step, &disk);
  }
  return disk;
}

Image CrashImages::Make(Loss loss, uint64_t seed) const {
  // Where a torn disk stopped: at one of the steps that are not durable yet.
  std::vector<size_t> open = pending_names_;
  for (const auto& [inode, file] : files_) {
    open.insert(open.end(), file.pending.begin(), file.pending.end());
  }
  const size_t torn_at = open.empty() ? at_ : open[Draw(&seed, open.size() - 1)];
  const Disk disk = NamesOf(loss, &seed, torn_at);
  Image image;
  const std::function<void(Inode, const std::string&)> walk = [&](Inode directory,
                                                                  const std::string& path) {
    const auto names = disk.directories.find(directory);
    if (names == disk.directories.end()) return;  // nothing in it reached the disk
    for (const auto& [name, inode] : names->second) {
      const std::string inside = path.empty() ? name : absl::StrCat(path, "/", name);
      const auto file = files_.find(inode);
      if (file != files_.end()) {
        image.files[inside] = BytesOf(file->second, loss, &seed, torn_at);
      } else {
        image.directories.push_back(inside);
        walk(inode, inside);
      }
    }
  };
  walk(kRoot, "");
  return image;
}

}  // namespace rookery::lost_writes
