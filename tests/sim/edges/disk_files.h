// A simulated server's small files: kept over a crash, changed by a power failure where they were
// not synced.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/base/file_store.h"
#include "tests/sim/edges/disk_gate.h"

namespace rookery::sim {

class DiskFiles final : public FileStore {
 public:
  explicit DiskFiles(DiskGate* gate) : gate_(gate) {}

  absl::StatusOr<std::string> Read(absl::string_view name) override;
  absl::Status WriteDurably(absl::string_view name, absl::string_view bytes) override;
  absl::Status WriteAt(absl::string_view name, uint64_t offset, absl::string_view bytes) override;

  // A process begins with them: opening the store syncs the directory.
  void Opened();
  // Of what was not synced each write is there, is not, or is there in part; those of the file
  // `spared` all are. Returns how many were lost or torn.
  int LosePower(absl::string_view spared = "");
  // Whether a write of the file was lost or torn, and none has come since.
  bool LacksAWrite(absl::string_view name) const;
  void Wipe() { files_.clear(); }
  bool Flip(absl::string_view name);
  // In any of them.
  bool FlipAny();

 private:
  struct Write {
    uint64_t offset;
    std::string bytes;
  };
  struct File {
    std::string synced;
    std::vector<Write> unsynced;
    bool lacks_a_write = false;
    // A rename over the file of that name, of which the directory does not know durably yet.
    bool renamed = false;
    bool was_there = false;
    std::string before;
  };
  static void Put(const Write& write, std::string* bytes);
  static std::string Now(const File& file);

  DiskGate* const gate_;
  std::map<std::string, File> files_;
};

}  // namespace rookery::sim
