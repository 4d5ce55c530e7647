#include "tests/sim/clients/visitors.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/frontend/grpc/session_connection.h"
#include "tests/sim/clients/script.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

// Clients of calls count from here, by server.
constexpr uint32_t kFirstClient = 1'000;
constexpr int kCrowdReads = 8;
constexpr int kCrowdScans = 2;
constexpr size_t kFollowersMost = 3;
constexpr int kScansMost = 4;
// Between slices; those of a slow reader last for long enough to meet an installation.
constexpr int64_t kPauseMostUs = 150'000;
constexpr int64_t kSlowPauseMostUs = 4'000'000;

model::Credentials Anybody() {
  return frontend::FreshCredentials(frontend::GrpcSessionRules().identity, "sim");
}

}  // namespace

struct Visitors::Scan {
  service::Service::FrozenTree tree;
  size_t slice_nodes = 0;
  int64_t pause_most_us = 0;
  std::string next;  // told last
  FinalState state;
};

// One Watch call.
class Visitors::Follower final : public service::Client {
 public:
  Follower(Visitors* visitors, std::vector<std::string> paths)
      : service_(visitors->service_), recorder_(visitors->recorder_) {
    History& history = recorder_->history();
    place_ = history.followed.size();
    history.followed.push_back({.server = visitors->options_.server, .paths = paths});
    connection_ =
        service_->Follow(this, {.peer = "sim", .credentials = Anybody()}, std::move(paths),
                         [this](model::Zxid zxid) { followed().armed = zxid; });
    Look();
  }
  ~Follower() override {
    if (!ended()) service_->Disconnect(connection_);
  }

  bool ended() const { return connection_ == 0; }
  // Between two entries: what is applied was told.
  void Look() {
    if (!ended()) followed().through = service_->LastZxid();
  }

  void OnSession(const model::Reply&) override {}
  void OnReply(uint64_t, model::Reply) override {}
  void OnEvent(const model::Event& event) override {
    followed().events.push_back({client::KindOf(event.type), event.path, event.zxid});
  }
  void OnFarewell(service::Farewell) override { connection_ = 0; }

 private:
  Followed& followed() { return recorder_->history().followed[place_]; }

  service::Service* const service_;
  Recorder* const recorder_;
  size_t place_ = 0;
  service::ConnectionId connection_ = 0;
};

Visitors::Visitors(const VisitorsOptions& options, Executor* core, BackgroundExecutor* scans,
                   service::Service* service, Recorder* recorder)
    : options_(options),
      core_(core),
      scans_(scans),
      service_(service),
      recorder_(recorder),
      random_(options.seed) {
  if (options_.period_us > 0) Later();
}

Visitors::~Visitors() { *alive_ = false; }

void Visitors::Later() {
  core_->RunAfter(random_.Between(0, 2 * options_.period_us), [this, alive = alive_] {
    if (!*alive) return;
    Visit();
    Later();
  });
}

void Visitors::Visit() {
  for (const auto& follower : followers_) follower->Look();
  std::erase_if(followers_, [](const auto& follower) { return follower->ended(); });
  if (!service_->Serving()) return;
  switch (random_.Below(3)) {
    case 0:
      if (scanning_ < kScansMost) BeginScan();
      return;
    case 1:
      return Follow();
    default:
      return Read();
  }
}

void Visitors::Crowd() {
  if (!service_->Serving()) return;
  for (int i = 0; i < kCrowdReads; ++i) Read();
  for (int i = 0; i < kCrowdScans; ++i) BeginScan();
}

void Visitors::BeginScan() {
  ++scanning_;
  service_->OpenView([this, alive = alive_](absl::StatusOr<service::Service::FrozenTree> tree) {
    if (!*alive) return;
    if (!tree.ok()) {
      --scanning_;
      return;
    }
    auto scan = std::make_shared<Scan>();
    scan->tree = *std::move(tree);
    scan->slice_nodes = random_.Between(5, 60);
    scan->pause_most_us = random_.Chance(0.4) ? kSlowPauseMostUs : kPauseMostUs;
    scan->state.server = options_.server;
    scan->state.zxid = scan->tree.zxid;
    Slice(std::move(scan));
  });
}

void Visitors::Slice(std::shared_ptr<Scan> scan) {
  scans_->Run([this, alive = alive_, core = core_, scan = std::move(scan)]() mutable {
    size_t left = scan->slice_nodes;
    bool more = false;
    const std::string from = scan->next.empty() ? kRoot : scan->next;
    const absl::Status status =
        scan->tree.view->Scan(kRoot, from, [&](absl::string_view path, const store::Node& node) {
          if (path == scan->next) return true;  // told already
          if (left-- == 0) {
            more = true;
            return false;
          }
          scan->next = std::string(path);
          scan->state.nodes[scan->next] = {.data = node.data, .stat = node.ToStat()};
          return true;
        });
    core->Post([this, alive = std::move(alive), scan = std::move(scan), status, more]() mutable {
      if (*alive) OnSlice(std::move(scan), status, more);
    });
  });
}

void Visitors::OnSlice(std::shared_ptr<Scan> scan, const absl::Status& status, bool more) {
  if (status.ok() && more) {
    const int64_t pause_us = random_.Between(0, scan->pause_most_us);
    core_->RunAfter(pause_us, [this, alive = alive_, scan = std::move(scan)]() mutable {
      if (*alive) Slice(std::move(scan));
    });
    return;
  }
  --scanning_;
  if (!status.ok()) return;  // the disk is damaged, which others notice too
  recorder_->Trace("server ", options_.server, " showed a scan of ", scan->state.nodes.size(),
                   " nodes at ", model::ToHex(scan->state.zxid));
  recorder_->history().scans.push_back(std::move(scan->state));
}

void Visitors::Follow() {
  if (followers_.size() >= kFollowersMost) followers_.erase(followers_.begin());
  std::vector<std::string> paths = {absl::StrCat(kRoot, "/seq"),
                                    absl::StrCat(kRoot, "/k", random_.Below(3)),
                                    absl::StrCat(kRoot, "/k", 3 + random_.Below(3))};
  followers_.push_back(std::make_unique<Follower>(this, std::move(paths)));
}

// What nobody has asked for lately, if there is such.
void Visitors::Read() {
  model::ReadOperation read = model::GetChildrenRequest{
      .path = absl::StrCat(kRoot, random_.Chance(0.5) ? "/seq" : "/eph"), .want_stat = true};
  if (options_.library_nodes > 0 && random_.Chance(0.7)) {
    read = model::GetDataRequest{LibraryPath(random_.Below(options_.library_nodes))};
  } else if (random_.Chance(0.5)) {
    read = model::GetDataRequest{absl::StrCat(kRoot, "/k", random_.Below(6))};
  }
  const bool linearizable = random_.Chance(0.2);
  const size_t place = NoteCall(read, linearizable);
  service_->ReadOnce(Anybody(), std::move(read), linearizable, NoteReply(place));
}

void Visitors::Write(std::function<void()> answered) {
  model::WriteOperation create =
      model::CreateRequest{.path = absl::StrCat(kRoot, "/w-", options_.server, "-", ++written_),
                           .data = "",
                           .acl = *model::OpenAcl()};
  const size_t place = NoteCall(create, false);
  service_->WriteOnce(Anybody(), std::move(create), NoteReply(place, std::move(answered)));
}

size_t Visitors::NoteCall(client::Operation operation, bool linearizable) {
  History& history = recorder_->history();
  const size_t place = history.calls.size();
  history.calls.push_back({.client = kFirstClient + options_.server,
                           .number = place + 1,
                           .operation = std::move(operation),
                           .linearizable = linearizable,
                           .invoked = recorder_->Next(),
                           .invoked_us = recorder_->NowUs()});
  return place;
}

service::Service::OnReply Visitors::NoteReply(size_t place, std::function<void()> answered) {
  return [recorder = recorder_, place, server = options_.server,
          answered = std::move(answered)](absl::StatusOr<model::Reply> reply) {
    Call& call = recorder->history().calls[place];
    call.returned = recorder->Next();
    call.returned_us = recorder->NowUs();
    if (!reply.ok()) {
      call.error = model::ErrorCode::kConnectionLoss;
      call.maybe_applied = std::holds_alternative<model::WriteOperation>(call.operation);
      return;
    }
    call.error = reply->error;
    call.server = server;
    call.zxid = reply->zxid;
    call.body = std::move(reply->body);
    if (answered) answered();
  };
}

}  // namespace rookery::sim
