#include "coordinator/frontend/grpc/pump/backup_reactor.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/frontend/grpc/pump/write_queue.h"
#include "coordinator/frontend/grpc/status_map.h"

namespace rookery::frontend {
namespace {

constexpr size_t kPieceBytes = 256u << 10;
constexpr size_t kQueueBytesMax = 2u << 20;  // a slow reader halts the copy here

class BackUpReactor final : public WriteQueue<v1::BackUpResponse> {
 public:
  BackUpReactor(const grpc::Status& refusal, service::Ensemble* ensemble, Executor* core,
                BackgroundExecutor* background)
      : ensemble_(ensemble), background_(background) {
    if (!refusal.ok()) {
      End(refusal);
      return;
    }
    ++users_;
    core->Post([this] { Begin(); });
  }

  // --- gRPC's threads.
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnWritten() override {
    if (halted_.exchange(false)) background_->Run([this] { Step(); });
  }
  void OnDone() override { Release(); }

 private:
  // Core executor.
  void Begin() {
    ensemble_->CopyState([this](absl::StatusOr<std::shared_ptr<service::StateCopy>> copy) {
      if (!copy.ok()) return Stop(StatusOf(copy.status()));
      copy_ = *std::move(copy);
      background_->Run([this] { TellFacts(); });
    });
  }

  // Background executor, from here on. The copying holds a use until it stops.
  void TellFacts() {
    absl::StatusOr<std::vector<service::StateCopy::File>> files = copy_->List();
    if (!files.ok()) return Stop(StatusOf(files.status()));
    files_ = *std::move(files);
    const service::StateCopy::Facts& facts = copy_->facts();
    v1::BackUpResponse response;
    v1::BackUpFacts* out = response.mutable_facts();
    out->set_server(facts.server);
    out->set_version(facts.version);
    out->set_cluster_id(facts.cluster_id);
    out->set_applied_index(facts.index);
    out->set_applied_term(facts.term);
    out->set_zxid(facts.zxid);
    out->set_digest(facts.digest);
    out->set_nodes(facts.nodes);
    out->set_sessions(facts.sessions);
    out->set_time_ms(facts.time_ms);
    for (const service::StateCopy::File& file : files_) {
      v1::BackUpFile* each = out->add_files();
      each->set_name(file.name);
      each->set_size(file.size);
    }
    Send(std::move(response));
    Step();
  }

  // One piece, then a turn for whoever else waits for the executor.
  void Step() {
    if (file_ == files_.size()) return Stop(grpc::Status::OK);
    const service::StateCopy::File& file = files_[file_];
    absl::StatusOr<std::string> bytes = copy_->Read(file.name, offset_, kPieceBytes);
    if (!bytes.ok()) return Stop(StatusOf(bytes.status()));
    if (bytes->empty() && offset_ < file.size) {
      return Stop(StatusOf(absl::DataLossError(
          absl::StrCat(file.name, " ended at byte ", offset_, " of ", file.size))));
    }
    offset_ += bytes->size();
    v1::BackUpResponse response;
    response.mutable_piece()->set_file(static_cast<uint32_t>(file_));
    response.mutable_piece()->set_data(*std::move(bytes));
    if (offset_ >= file.size) {
      ++file_;
      offset_ = 0;
    }
    if (!Send(std::move(response))) return Stop(grpc::Status::CANCELLED);
    if (QueuedBytes() <= kQueueBytesMax) {
      background_->Run([this] { Step(); });
      return;
    }
    halted_ = true;
    // The queue may have run dry between the look at it and here; then nobody else wakes the copy.
    if (QueuedBytes() == 0 && halted_.exchange(false)) background_->Run([this] { Step(); });
  }

  void Stop(grpc::Status status) {
    copy_.reset();
    End(std::move(status));
    Release();
  }
  // gRPC and the copying each hold a use; the last one deletes.
  void Release() {
    if (users_.fetch_sub(1) == 1) delete this;
  }

  service::Ensemble* const ensemble_;
  BackgroundExecutor* const background_;
  std::shared_ptr<service::StateCopy> copy_;
  // Of the copying, one step at a time.
  std::vector<service::StateCopy::File> files_;
  size_t file_ = 0;
  uint64_t offset_ = 0;  // in that file
  // Between gRPC's threads and the copying.
  std::atomic<bool> halted_ = false;
  std::atomic<int> users_ = 1;
};

}  // namespace

grpc::ServerWriteReactor<v1::BackUpResponse>* NewBackUpReactor(const grpc::Status& refusal,
                                                               service::Ensemble* ensemble,
                                                               Executor* core,
                                                               BackgroundExecutor* background) {
  return new BackUpReactor(refusal, ensemble, core, background);
}

}  // namespace rookery::frontend
