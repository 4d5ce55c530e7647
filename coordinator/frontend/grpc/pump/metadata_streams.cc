#include "coordinator/frontend/grpc/pump/metadata_streams.h"

#include <memory>
#include <string>
#include <utility>

#include "coordinator/frontend/grpc/pump/write_queue.h"
#include "coordinator/frontend/metadata/convert.h"
#include "coordinator/frontend/metadata/feed.h"
#include "coordinator/frontend/metadata/view_sender.h"

namespace rookery::frontend {
namespace {

constexpr size_t kQueueBytesMax = 1u << 20;  // a slow reader halts the view here

class ReadClusterReactor final : public WriteQueue<v1::ReadClusterResponse> {
 public:
  ReadClusterReactor(grpc::CallbackServerContext* call, const v1::ReadClusterRequest& request,
                     const UnaryContext& door, BackgroundExecutor* background)
      : service_(door.service), core_(door.core) {
    absl::StatusOr<model::Credentials> credentials = CallCredentials(*call, door.identity);
    absl::StatusOr<std::string> root = RootOf(request.root());
    if (!credentials.ok() || !root.ok()) {
      End(StatusOf(credentials.ok() ? root.status() : credentials.status()));
      return;
    }
    view_ = std::make_shared<ViewSender>(
        service_, core_, background, *std::move(root), *credentials,
        ViewSender::Hooks{
            .full = [this] { return QueuedBytes() > kQueueBytesMax; },
            .send =
                [this](model::Zxid zxid, v1::ClusterPart part) {
                  v1::ReadClusterResponse response;
                  response.set_zxid(zxid);
                  *response.mutable_part() = std::move(part);
                  Send(std::move(response));
                },
            .end =
                [this](const absl::StatusOr<model::Zxid>& zxid) { End(StatusOf(zxid.status())); }});
    core_->Post(
        [this, credentials = *std::move(credentials)]() mutable { Begin(std::move(credentials)); });
  }

  // --- gRPC's threads.
  void OnCancel() override {
    core_->Post([this] {
      if (view_ != nullptr) view_->Stop();
      End(grpc::Status::CANCELLED);
    });
  }
  void OnWritten() override {
    core_->Post([view = view_] {
      if (view != nullptr) view->Resume();
    });
  }
  // The last call of gRPC; tasks that this reactor posted before run before this one.
  void OnDone() override {
    core_->Post([this] {
      if (view_ != nullptr) view_->Stop();
      delete this;
    });
  }

 private:
  void Begin(model::Credentials credentials) {
    if (!service_->Serving()) {
      view_->Stop();
      return End(StatusOf(absl::UnavailableError(
          "this server is not serving: it has no contact to a leader; try another server")));
    }
    // After a barrier of the log: as fresh as what was committed when the call came.
    service_->ReadTogether(
        std::move(credentials), [](service::Service::Reads&) {},
        [view = view_](const absl::StatusOr<model::Zxid>& zxid) {
          if (zxid.ok()) return view->Start(/*must_exist=*/true);
          view->Fail(zxid.status());
        });
  }

  service::Service* const service_;
  Executor* const core_;
  std::shared_ptr<ViewSender> view_;  // null: the call was refused at once
};

class WatchMetadataReactor final : public WriteQueue<v1::WatchMetadataResponse> {
 public:
  WatchMetadataReactor(grpc::CallbackServerContext* call, const v1::WatchMetadataRequest& request,
                       const UnaryContext& door, BackgroundExecutor* background,
                       kafka::MetadataJournal* journal)
      : core_(door.core), sink_(this) {
    absl::StatusOr<model::Credentials> credentials = CallCredentials(*call, door.identity);
    absl::StatusOr<std::string> root = RootOf(request.root());
    if (!credentials.ok() || !root.ok()) {
      End(StatusOf(credentials.ok() ? root.status() : credentials.status()));
      return;
    }
    FeedRequest feed{.root = *std::move(root),
                     .events_only = request.events_only(),
                     .peer = PeerName(*call),
                     .credentials = *std::move(credentials)};
    if (request.has_after_zxid()) feed.after_zxid = request.after_zxid();
    feed_ =
        std::make_shared<Feed>(door.service, core_, background, journal, std::move(feed), &sink_);
    core_->Post([feed = feed_] { feed->Start(); });
  }

  // --- gRPC's threads.
  void OnCancel() override {
    core_->Post([this] {
      if (feed_ != nullptr) feed_->Stop();
      End(grpc::Status::CANCELLED);
    });
  }
  void OnWritten() override {
    core_->Post([feed = feed_] {
      if (feed != nullptr) feed->Resume();
    });
  }
  // The last call of gRPC; tasks that this reactor posted before run before this one.
  void OnDone() override {
    core_->Post([this] {
      if (feed_ != nullptr) feed_->Stop();
      delete this;
    });
  }

 private:
  class Sink final : public FeedSink {
   public:
    explicit Sink(WatchMetadataReactor* reactor) : reactor_(reactor) {}
    void Send(v1::WatchMetadataResponse response) override {
      reactor_->WriteQueue::Send(std::move(response));
    }
    size_t QueuedBytes() const override { return reactor_->WriteQueue::QueuedBytes(); }
    void End(absl::Status status) override { reactor_->WriteQueue::End(StatusOf(status)); }

   private:
    WatchMetadataReactor* const reactor_;
  };

  Executor* const core_;
  Sink sink_;
  std::shared_ptr<Feed> feed_;  // null: the call was refused at once
};

}  // namespace

grpc::ServerWriteReactor<v1::ReadClusterResponse>* NewReadClusterReactor(
    grpc::CallbackServerContext* call, const v1::ReadClusterRequest& request,
    const UnaryContext& door, BackgroundExecutor* background) {
  return new ReadClusterReactor(call, request, door, background);  // deletes itself at the end
}

grpc::ServerWriteReactor<v1::WatchMetadataResponse>* NewWatchMetadataReactor(
    grpc::CallbackServerContext* call, const v1::WatchMetadataRequest& request,
    const UnaryContext& door, BackgroundExecutor* background, kafka::MetadataJournal* journal) {
  return new WatchMetadataReactor(call, request, door, background, journal);
}

}  // namespace rookery::frontend
