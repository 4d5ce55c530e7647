// A checkpoint as whoever takes a backup reads it.
#include <utility>

#include "coordinator/base/status_macros.h"
#include "coordinator/main/node/node.h"

namespace rookery {
namespace {

class CheckpointCopy final : public service::StateCopy {
 public:
  CheckpointCopy(Facts facts, std::string name, consensus::CheckpointFiles* files,
                 absl::AnyInvocable<void()> drop)
      : facts_(std::move(facts)), name_(std::move(name)), files_(files), drop_(std::move(drop)) {}
  ~CheckpointCopy() override { drop_(); }

  const Facts& facts() const override { return facts_; }
  absl::StatusOr<std::vector<File>> List() override {
    ROOKERY_ASSIGN_OR_RETURN(const std::vector<consensus::FileSize> found, files_->List(name_));
    std::vector<File> files;
    files.reserve(found.size());
    for (const consensus::FileSize& file : found) files.push_back({file.name, file.size});
    return files;
  }
  absl::StatusOr<std::string> Read(const std::string& file, uint64_t offset, size_t size) override {
    return files_->Read(name_, file, offset, size);
  }

 private:
  const Facts facts_;
  const std::string name_;
  consensus::CheckpointFiles* const files_;
  absl::AnyInvocable<void()> drop_;
};

}  // namespace

void Node::CopyState(OnCopy done) {
  if (service_ == nullptr) {
    return done(absl::UnavailableError("this server belongs to no ensemble yet"));
  }
  service_->BackUp(
      [this, done = std::move(done)](absl::StatusOr<service::BackupCheckpoint> backup) mutable {
        if (!backup.ok()) return done(backup.status());
        const std::string name = backup->manifest.name;
        done(std::make_shared<CheckpointCopy>(
            service::StateCopy::Facts{.server = options_.server_number,
                                      .cluster_id = identity_.cluster_id,
                                      .version = options_.version,
                                      .index = backup->manifest.index,
                                      .term = backup->manifest.term,
                                      .zxid = backup->zxid,
                                      .digest = backup->manifest.digest,
                                      .nodes = backup->nodes,
                                      .sessions = backup->sessions,
                                      .time_ms = edges_.clock->WallMs()},
            name, edges_.checkpoints,
            [this, name] { edges_.core->Post([this, name] { store_->DropCheckpoint(name); }); }));
      });
}

}  // namespace rookery
