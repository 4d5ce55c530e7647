// A log that tells the history what is durable in it. Private to this folder.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "coordinator/consensus/log/log_store.h"
#include "tests/sim/history/recorder.h"

namespace rookery::sim {

struct ProbedServer {
  uint32_t number = 0;
  model::ServerId engine = 0;  // as last known; that of a founder until it is
};

// Passes everything on to `log`. What the disk lost is found out when it is loaded again.
class LogProbe final : public consensus::LogStore {
 public:
  LogProbe(Recorder* recorder, const ProbedServer* server, consensus::LogStore* log)
      : recorder_(recorder), server_(server), log_(log) {}

  absl::StatusOr<consensus::LogContents> Load() override;
  absl::Status Write(const std::vector<consensus::LogWrite>& writes) override;
  absl::Status Trim(uint64_t keep_from) override;

 private:
  struct Entry {
    uint64_t term = 0;
    uint64_t hash = 0;
    bool operator==(const Entry&) const = default;
  };
  static Entry EntryOf(const consensus::LogRecord& record);
  void Note(LogStep::Kind kind, uint64_t index, const Entry& entry);
  void NoteVote(const consensus::HardState& state);
  void NoteDurable(const consensus::LogWrite& write);

  Recorder* const recorder_;
  const ProbedServer* const server_;
  consensus::LogStore* const log_;
  std::vector<consensus::LogWrite> unsynced_;
  // What the disk should hold.
  uint64_t position_ = 0;
  std::map<uint64_t, Entry> entries_;
  uint64_t term_ = 0;
  uint64_t vote_ = 0;
};

}  // namespace rookery::sim
