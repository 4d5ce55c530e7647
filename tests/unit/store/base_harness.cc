#include "tests/unit/store/base_harness.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/store/memory/memory_base.h"
#include "coordinator/store/rocks/rocks_base.h"
#include "tests/sim/edges/disk_base.h"

namespace rookery::store {
namespace {

namespace fs = std::filesystem;

class Memory final : public BaseHarness {
 public:
  absl::StatusOr<std::shared_ptr<Base>> Open(const std::string& state_name) override {
    return CreateMemoryBase(disk_, state_name);
  }
  bool HasState(const std::string& name) override { return disk_->HasState(name); }
  void SetFormat(const std::string& directory, const std::string& text) override {
    disk_->WriteFile(directory, "FORMAT", text);
  }
  std::string Receive(const std::string& checkpoint) override {
    std::string path = absl::StrCat("received-", ++received_);
    const auto files = disk_->ReadDirectory(checkpoint);
    ROOKERY_CHECK(files.ok()) << files.status().message();
    for (const auto& [name, bytes] : *files) disk_->WriteFile(path, name, bytes);
    return path;
  }

 private:
  const std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  int received_ = 0;
};

class Rocks final : public BaseHarness {
 public:
  Rocks() {
    std::string pattern = fs::temp_directory_path() / "rookery-store-XXXXXX";
    ROOKERY_CHECK(mkdtemp(pattern.data()) != nullptr);
    root_ = pattern;
  }
  ~Rocks() override { fs::remove_all(root_); }

  absl::StatusOr<std::shared_ptr<Base>> Open(const std::string& state_name) override {
    // Files so small that every larger batch has several.
    return OpenRocksBase({.data_dir = root_,
                          .state_name = state_name,
                          .block_cache_bytes = 1 << 20,
                          .file_bytes_max = 4 << 10});
  }
  bool HasState(const std::string& name) override { return fs::exists(root_ / name); }
  void SetFormat(const std::string& directory, const std::string& text) override {
    std::ofstream(fs::path(directory) / "FORMAT") << text;
  }
  std::string Receive(const std::string& checkpoint) override {
    const fs::path path = root_ / absl::StrCat("received-", ++received_);
    fs::copy(checkpoint, path);
    return path;
  }

 private:
  fs::path root_;
  int received_ = 0;
};

// The simulator's, with its checkpoint files.
class Simulated final : public BaseHarness {
 public:
  absl::StatusOr<std::shared_ptr<Base>> Open(const std::string& state_name) override {
    return sim::OpenDiskBase(&gate_, &states_, &checkpoints_, state_name,
                             {.now_us = [] { return int64_t{0}; }});
  }
  bool HasState(const std::string& name) override { return states_.disk->HasState(name); }
  void SetFormat(const std::string& directory, const std::string& text) override {
    const std::string name = NameOf(directory);
    ROOKERY_CHECK(checkpoints_.Truncate(name, "FORMAT", 0).ok());
    ROOKERY_CHECK(checkpoints_.Write(name, "FORMAT", 0, text).ok());
  }
  std::string Receive(const std::string& checkpoint) override {
    const std::string from = NameOf(checkpoint);
    const std::string to = absl::StrCat("received-", ++received_);
    const auto files = checkpoints_.List(from);
    ROOKERY_CHECK(files.ok()) << files.status().message();
    for (const consensus::FileSize& file : *files) {
      const auto bytes = checkpoints_.Read(from, file.name, 0, file.size);
      ROOKERY_CHECK(bytes.ok() && checkpoints_.Write(to, file.name, 0, *bytes).ok());
    }
    return checkpoints_.Path(to);
  }

 private:
  static std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

  sim::DiskGate gate_{1};
  sim::DiskStates states_;
  consensus::MemoryCheckpointFiles checkpoints_;
  int received_ = 0;
};

}  // namespace

std::unique_ptr<BaseHarness> MemoryHarness() { return std::make_unique<Memory>(); }
std::unique_ptr<BaseHarness> SimulatedHarness() { return std::make_unique<Simulated>(); }
std::unique_ptr<BaseHarness> RocksHarness() { return std::make_unique<Rocks>(); }

}  // namespace rookery::store
