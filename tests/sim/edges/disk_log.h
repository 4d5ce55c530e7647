// A simulated server's log database: writes go into a journal one after the other, older ones have
// been moved into tables. A power failure takes the end of the journal that was not synced; a
// flipped bit in it takes everything behind, silently, which is what RocksDB does.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "coordinator/consensus/log/log_store.h"
#include "tests/sim/edges/disk_gate.h"

namespace rookery::sim {

class DiskLog final : public consensus::LogStore {
 public:
  explicit DiskLog(DiskGate* gate) : gate_(gate) {}

  absl::StatusOr<consensus::LogContents> Load() override;
  absl::Status Write(const std::vector<consensus::LogWrite>& writes) override;
  absl::Status Trim(uint64_t keep_from) override;

  // Of the writes since the last sync the first few are there. Returns how many were lost.
  int LosePower();
  void Wipe();
  // A bit of the journal, or of a table. False: there is nothing yet.
  bool Flip();

  bool flipped() const { return table_flipped_ || flip_at_.has_value(); }

  // How often an append replaced entries that stood there.
  uint64_t truncations() const { return truncations_; }

 private:
  struct Image {
    bool fresh = true;
    consensus::HardState hard_state;
    consensus::LogPosition position;
    std::map<uint64_t, consensus::LogRecord> records;
  };
  using Batch = std::vector<consensus::LogWrite>;
  // Returns whether entries were replaced.
  static bool Apply(const Batch& batch, Image* image);

  DiskGate* const gate_;
  Image tables_;
  std::deque<Batch> journal_;
  size_t synced_ = 0;        // of journal_, from the front
  uint64_t next_index_ = 0;  // behind the last entry, all writes done
  uint64_t keep_from_ = 0;
  bool table_flipped_ = false;
  std::optional<size_t> flip_at_;  // a damaged batch of journal_
  uint64_t truncations_ = 0;
};

}  // namespace rookery::sim
