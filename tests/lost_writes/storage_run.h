// A short life of a server's storage on a journaled disk: first start, founding, log writes,
// flushes, checkpoints, trims, restarts, the installation of a received checkpoint. It goes through
// the product's own edges in the order in which main/server, main/node and the consensus do, and
// notes what was acknowledged at which step, so that what a power failure left can be judged.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/base/random.h"
#include "coordinator/consensus/log/log_store.h"
#include "coordinator/consensus/peer/checkpoint_files.h"
#include "coordinator/consensus/peer/identity.h"
#include "coordinator/store/base.h"
#include "tests/lost_writes/journal.h"

namespace rookery::lost_writes {

struct StorageRunOptions {
  uint64_t seed = 1;
  bool sync = true;          // of the log; false: forceSync=no, which a power failure punishes
  bool own_log_dir = false;  // dataLogDir is another directory, made by the server
};

// The row that holds the applied entry, and sizes so small that a short life has many files.
inline constexpr char kApplied[] = "applied";
inline constexpr uint64_t kMemtableBytes = 64 << 10;  // RocksDB takes no smaller one
inline constexpr uint64_t kFileBytes = 4 << 10;

class StorageRun {
 public:
  // Works below `journal`'s root; `spare` is a directory for what other servers have.
  StorageRun(const StorageRunOptions& options, Journal* journal, std::string spare);
  ~StorageRun();

  // ROOKERY_CHECKs that nothing fails.
  void Live();
  // Another life: of a log that is long, replaced in its middle, and trimmed again and again.
  void LiveTrimming();

  // Starts from what lies in `directory` after a failure at `point`. OK: everything that was
  // acknowledged before is there, and what is there was written. Otherwise what is wrong; a refusal
  // to start is.
  absl::Status Judge(const std::string& directory, size_t point) const;

 private:
  using Rows = std::map<std::string, std::string>;
  // Something that was written: in the journal from `begun` on, sure from `sure` on.
  template <typename What>
  struct Version {
    What what;
    size_t begun = 0;
    size_t sure = SIZE_MAX;
  };
  template <typename What>
  using Versions = std::vector<Version<What>>;

  struct Life;  // one process: what is open

  // Writes a version: notes where `write` begins and, if it is to be durable, where it ended.
  template <typename What>
  void Note(Versions<What>* versions, What what, bool durable,
            const std::function<absl::Status()>& write);
  // Those that may be there after a failure at `point`.
  template <typename What>
  static std::vector<const What*> Possible(const Versions<What>& versions, size_t point) {
    std::vector<const What*> possible;
    for (const Version<What>& version : versions) {
      if (version.sure <= point) possible.clear();
      if (version.begun <= point) possible.push_back(&version.what);
    }
    return possible;
  }

  void Start();
  void StartWriter(const consensus::LogContents& log);
  void Found();
  void WriteLog(consensus::LogWrite write);
  void Append(int records, size_t bytes);
  void Flush(int rows);
  void Checkpoint(const std::string& name);
  void Install();
  void Trim();

  std::string LogDirectory(const std::string& root) const;
  uint64_t KeptFrom(size_t point) const;
  absl::Status JudgeLog(const consensus::LogContents& found, size_t point) const;
  absl::Status JudgeState(store::Base& base, size_t point) const;

  const StorageRunOptions options_;
  Journal* const journal_;
  const std::string spare_;
  Random random_;
  std::unique_ptr<Life> life_;

  // As the run knows them now.
  consensus::Identity identity_;
  consensus::LogContents log_;
  Rows rows_;
  uint64_t applied_ = 1;
  int installed_ = 0;

  Versions<consensus::Identity> identities_;
  Versions<consensus::LogContents> logs_;
  std::map<std::string, Versions<Rows>> states_;
  Versions<uint64_t> trims_;  // keep_from
};

}  // namespace rookery::lost_writes
