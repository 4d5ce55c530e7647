// One WatchMetadata stream without its I/O: a view of the cluster where one is needed, then what
// the journal tells, at the pace of its reader. The reader's own place in the journal is all that a
// slow reader holds; once the journal has forgotten what comes next, the stream begins anew.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "coordinator/base/executor.h"
#include "coordinator/frontend/metadata/view_sender.h"
#include "coordinator/kafka/journal.h"
#include "coordinator/service/service.h"
#include "rookery/v1/metadata.pb.h"

namespace rookery::frontend {

// Where a stream's messages go. Core executor; none is called after Stop().
class FeedSink {
 public:
  virtual ~FeedSink() = default;
  virtual void Send(v1::WatchMetadataResponse response) = 0;
  // Bytes that were sent and have not left.
  virtual size_t QueuedBytes() const = 0;
  // Ends the stream after what was sent. Called once.
  virtual void End(absl::Status status) = 0;
};

struct FeedRequest {
  std::string root;
  std::optional<model::Zxid> after_zxid;
  bool events_only = false;
  std::string peer;  // for people
  model::Credentials credentials;
};

// Core executor only. Owned by shared pointers: what runs beside the core holds one.
class Feed final : public service::Client, public std::enable_shared_from_this<Feed> {
 public:
  // All pointers outlive the feed, the sink until Stop(). `background` derives events from changes
  // and reads views.
  Feed(service::Service* service, Executor* core, BackgroundExecutor* background,
       kafka::MetadataJournal* journal, FeedRequest request, FeedSink* sink)
      : service_(service),
        core_(core),
        background_(background),
        journal_(journal),
        request_(std::move(request)),
        sink_(sink) {}

  void Start();
  // Something was written; there may be room for more.
  void Resume();
  // The stream is gone, or ended.
  void Stop();

  // service::Client: its session-less connection only hears when the server stops serving.
  void OnSession(const model::Reply&) override {}
  void OnReply(uint64_t, model::Reply) override {}
  void OnEvent(const model::Event&) override {}
  void OnFarewell(service::Farewell why) override;

 private:
  // What was read of the journal, as events.
  struct Derived {
    v1::MetadataChanges changes;
    model::Zxid zxid = 0;
  };

  void Begin(model::Zxid newest);
  void BeginView(v1::ViewReason reason);
  void OnViewEnd(absl::StatusOr<model::Zxid> zxid);
  // Sends what there is; waits for more, or for room.
  void Pump();
  void OnDerived(Derived derived);
  void TellPlace();
  bool Full() const;
  void End(absl::Status status);
  bool stopped() const { return sink_ == nullptr; }

  service::Service* const service_;
  Executor* const core_;
  BackgroundExecutor* const background_;
  kafka::MetadataJournal* const journal_;
  const FeedRequest request_;
  FeedSink* sink_;
  service::ConnectionId connection_ = 0;
  std::shared_ptr<ViewSender> view_;  // while one is sent
  // Everything up to here was read of the journal, and told if it is worth telling.
  model::Zxid place_ = 0;
  model::Zxid told_ = 0;  // what the reader knows of it
  bool pumping_ = false;  // events are being derived
  bool halted_ = false;   // for want of room
  uint64_t waiter_ = 0;   // in the journal
  TimerId timer_ = 0;
};

}  // namespace rookery::frontend
