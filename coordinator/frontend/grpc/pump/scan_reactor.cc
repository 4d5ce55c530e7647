#include "coordinator/frontend/grpc/pump/scan_reactor.h"

#include <atomic>
#include <string>

#include "coordinator/frontend/grpc/pump/write_queue.h"
#include "coordinator/model/path.h"

namespace rookery::frontend {
namespace {

constexpr size_t kMessageBytes = 256u << 10;  // nodes are gathered up to this size
constexpr size_t kQueueBytesMax = 2u << 20;   // a slow reader halts the scan here

class ScanReactor final : public WriteQueue<v1::ScanResponse> {
 public:
  ScanReactor(grpc::CallbackServerContext* call, const v1::ScanRequest& request,
              const UnaryContext& door, BackgroundExecutor* scans)
      : service_(door.service),
        core_(door.core),
        scans_(scans),
        request_(request),
        next_(request.after_path()) {
    absl::StatusOr<model::Credentials> credentials = CallCredentials(*call, door.identity);
    if (!credentials.ok()) {
      End(StatusOf(credentials.status()));
      return;
    }
    if (!model::IsValidPath(request_.path())) {
      End(StatusOf(absl::InvalidArgumentError("expected an absolute path to scan, as '/a/b'")));
      return;
    }
    credentials_ = *std::move(credentials);
    ++users_;
    core_->Post([this] { OpenView(); });
  }

  // --- gRPC's threads.
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnWritten() override {
    if (halted_.exchange(false)) scans_->Run([this] { Step(); });
  }
  void OnDone() override { Release(); }

 private:
  // Core executor.
  void OpenView() {
    if (!service_->Serving()) {
      End(StatusOf(absl::UnavailableError("this server is not serving: try another server")));
      return Release();
    }
    service_->OpenView([this](absl::StatusOr<service::Service::FrozenTree> tree) {
      if (!tree.ok()) {
        End(StatusOf(tree.status()));
        return Release();
      }
      tree_ = *std::move(tree);
      scans_->Run([this] { Step(); });
    });
  }

  // Background executor: reads until the queue is full, the limit reached or the subtree done. The
  // scan holds a use until then.
  void Step() {
    v1::ScanResponse response = NewResponse();
    bool full = false;
    size_t bytes = 0;  // in `response`, roughly
    const absl::Status status = tree_.view->Scan(
        request_.path(),
        next_.empty() ? absl::string_view(request_.path()) : absl::string_view(next_),
        [&](absl::string_view path, const store::Node& node) {
          if (path == next_) return true;  // told already
          if (request_.limit() != 0 && told_ == request_.limit()) {
            cut_ = true;
            return false;
          }
          next_ = std::string(path);
          if (!model::Allows(*node.acl, credentials_, model::kRead)) return true;
          Add(path, node, &response);
          ++told_;
          bytes +=
              path.size() + (node.data.has_value() ? node.data->size() : 0) + sizeof(model::Stat);
          if (bytes < kMessageBytes) return true;
          bytes = 0;
          if (!Send(std::exchange(response, NewResponse()))) return false;
          full = QueuedBytes() > kQueueBytesMax;
          return !full;
        });
    if (!status.ok()) {
      End(StatusOf(status));
      return Release();
    }
    if (full && !cut_) {
      halted_ = true;
      // The queue may have run dry between the look at it and here; then nobody else wakes the
      // scan.
      if (QueuedBytes() == 0 && halted_.exchange(false)) scans_->Run([this] { Step(); });
      return;
    }
    if (cut_) response.set_continue_after(next_);
    Send(std::move(response));
    End(grpc::Status::OK);
    Release();
  }

  v1::ScanResponse NewResponse() const {
    v1::ScanResponse response;
    response.set_zxid(tree_.zxid);
    return response;
  }
  void Add(absl::string_view path, const store::Node& node, v1::ScanResponse* response) const {
    v1::ScanNode* item = response->add_nodes();
    item->set_path(std::string(path));
    if (!request_.names_only()) ToProto(node.data, item->mutable_data());
    ToProto(node.ToStat(), item->mutable_stat());
  }
  // gRPC and the scan each hold a use; the last one deletes.
  void Release() {
    if (users_.fetch_sub(1) == 1) delete this;
  }

  service::Service* const service_;
  Executor* const core_;
  BackgroundExecutor* const scans_;
  const v1::ScanRequest request_;
  model::Credentials credentials_;
  service::Service::FrozenTree tree_;
  // Of the scan, one step at a time.
  std::string next_;  // last path looked at
  uint32_t told_ = 0;
  bool cut_ = false;
  // Between gRPC's threads and the scan.
  std::atomic<bool> halted_ = false;
  std::atomic<int> users_ = 1;
};

}  // namespace

grpc::ServerWriteReactor<v1::ScanResponse>* NewScanReactor(grpc::CallbackServerContext* call,
                                                           const v1::ScanRequest& request,
                                                           const UnaryContext& door,
                                                           BackgroundExecutor* scans) {
  return new ScanReactor(call, request, door, scans);
}

}  // namespace rookery::frontend
