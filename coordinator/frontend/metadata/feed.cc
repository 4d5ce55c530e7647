#include "coordinator/frontend/metadata/feed.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/frontend/metadata/convert.h"
#include "coordinator/kafka/metadata_event.h"

namespace rookery::frontend {
namespace {

// Messages that wait to be written: above this nothing is read for them.
constexpr size_t kQueueBytesMax = 1u << 20;
// Of the journal, for one message.
constexpr size_t kReadBytes = 256u << 10;
// How often a reader to whom nothing happens is told its place, so that it can resume from there
// long after.
constexpr int64_t kTellPlaceUs = 10'000'000;

v1::MetadataChanges ChangesOf(const std::string& root, const model::Credentials& credentials,
                              const kafka::MetadataJournal::Entries& entries) {
  const auto may_read = [&](const model::Acl& acl) {
    return model::Allows(acl, credentials, model::kRead);
  };
  v1::MetadataChanges out;
  for (const auto& entry : entries) {
    const auto events = kafka::EventsOf(root, entry->changes, may_read);
    if (events.empty()) continue;
    v1::MetadataChange* change = out.add_changes();
    change->set_zxid(entry->zxid);
    for (const kafka::MetadataEvent& event : events) ToProto(event, change->add_events());
  }
  return out;
}

}  // namespace

void Feed::Start() {
  if (stopped()) return;
  if (request_.after_zxid.has_value() && *request_.after_zxid < 0) {
    return End(
        absl::InvalidArgumentError("expected the zxid of a message that was read as after_zxid, or "
                                   "none to begin with a view"));
  }
  if (!service_->Serving()) {
    return End(absl::UnavailableError(
        "this server is not serving: it has no contact to a leader; try another server"));
  }
  connection_ = service_->Follow(this, {.peer = request_.peer, .credentials = request_.credentials},
                                 {}, [](model::Zxid) {});
  // After a barrier of the log, so that a reader who comes from another server finds here what it
  // has seen there.
  service_->ReadTogether(
      request_.credentials, [](service::Service::Reads&) {},
      [self = shared_from_this()](absl::StatusOr<model::Zxid> zxid) {
        if (self->stopped()) return;
        if (!zxid.ok()) return self->End(zxid.status());
        self->Begin(*zxid);
      });
}

void Feed::Begin(model::Zxid newest) {
  if (!request_.after_zxid.has_value()) return BeginView(v1::VIEW_REASON_ASKED);
  if (*request_.after_zxid > newest) {
    return End(absl::OutOfRangeError(absl::StrCat(
        "after_zxid is ", *request_.after_zxid, ", and the newest here is ", newest,
        ": it is of another ensemble, or of one that was restored from a backup since; "
        "begin without it")));
  }
  if (!journal_->Keeps(*request_.after_zxid)) return BeginView(v1::VIEW_REASON_NOT_KEPT);
  place_ = told_ = *request_.after_zxid;
  Pump();
}

void Feed::BeginView(v1::ViewReason reason) {
  v1::WatchMetadataResponse begin;
  begin.mutable_view_begin()->set_reason(reason);
  sink_->Send(std::move(begin));
  if (request_.events_only) return OnViewEnd(service_->LastZxid());
  auto self = shared_from_this();
  view_ = std::make_shared<ViewSender>(
      service_, core_, background_, request_.root, request_.credentials,
      ViewSender::Hooks{
          .full = [self] { return self->Full(); },
          .send =
              [self](model::Zxid, v1::ClusterPart part) {
                v1::WatchMetadataResponse piece;
                *piece.mutable_view_part() = std::move(part);
                self->sink_->Send(std::move(piece));
              },
          .end = [self](absl::StatusOr<model::Zxid> zxid) { self->OnViewEnd(std::move(zxid)); }});
  view_->Start(/*must_exist=*/false);
}

void Feed::OnViewEnd(absl::StatusOr<model::Zxid> zxid) {
  view_.reset();
  if (!zxid.ok()) return End(zxid.status());
  place_ = told_ = *zxid;
  v1::WatchMetadataResponse complete;
  complete.set_zxid(*zxid);
  complete.set_view_complete(true);
  sink_->Send(std::move(complete));
  Pump();
}

void Feed::Resume() {
  if (stopped()) return;
  if (view_ != nullptr) return view_->Resume();
  if (std::exchange(halted_, false)) Pump();
}

void Feed::Pump() {
  if (stopped() || view_ != nullptr || pumping_) return;
  if (Full()) {
    halted_ = true;
    return;
  }
  if (!journal_->Keeps(place_)) return BeginView(v1::VIEW_REASON_TOO_SLOW);
  kafka::MetadataJournal::Entries entries = journal_->After(place_, kReadBytes);
  if (entries.empty()) {
    place_ = service_->LastZxid();  // whatever else happened is none of ours
    if (waiter_ == 0) {
      // Not from inside the change, whose request may change more.
      waiter_ = journal_->WakeAtNext([self = shared_from_this()] {
        self->waiter_ = 0;
        self->core_->Post([self] { self->Pump(); });
      });
    }
    if (timer_ == 0) {
      timer_ = core_->RunAfter(kTellPlaceUs, [self = shared_from_this()] {
        self->timer_ = 0;
        self->TellPlace();
      });
    }
    return;
  }
  pumping_ = true;
  background_->Run([self = shared_from_this(), entries = std::move(entries)] {
    Derived derived{ChangesOf(self->request_.root, self->request_.credentials, entries),
                    entries.back()->zxid};
    self->core_->Post(
        [self, derived = std::move(derived)]() mutable { self->OnDerived(std::move(derived)); });
  });
}

void Feed::OnDerived(Derived derived) {
  pumping_ = false;
  if (stopped()) return;
  place_ = derived.zxid;
  if (derived.changes.changes_size() > 0) {
    told_ = place_;
    v1::WatchMetadataResponse response;
    response.set_zxid(place_);
    *response.mutable_changes() = std::move(derived.changes);
    sink_->Send(std::move(response));
  }
  Pump();
}

void Feed::TellPlace() {
  if (stopped()) return;
  Pump();  // moves on to what is the newest now
  if (stopped() || view_ != nullptr || pumping_ || Full() || place_ <= told_) return;
  told_ = place_;
  v1::WatchMetadataResponse response;
  response.set_zxid(place_);
  sink_->Send(std::move(response));
}

bool Feed::Full() const { return sink_->QueuedBytes() > kQueueBytesMax; }

void Feed::OnFarewell(service::Farewell) {
  connection_ = 0;
  End(absl::UnavailableError(
      "this server stops serving: go on at another one, with after_zxid as the last message said"));
}

void Feed::End(absl::Status status) {
  FeedSink* const sink = sink_;
  Stop();
  if (sink != nullptr) sink->End(std::move(status));
}

void Feed::Stop() {
  sink_ = nullptr;
  if (view_ != nullptr) view_->Stop();
  view_.reset();
  if (connection_ != 0) service_->Disconnect(std::exchange(connection_, 0));
  if (waiter_ != 0) journal_->Forget(std::exchange(waiter_, 0));
  if (timer_ != 0) core_->Cancel(std::exchange(timer_, 0));
}

}  // namespace rookery::frontend
