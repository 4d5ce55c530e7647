#include "tests/chaos/chaos/history_client.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"

namespace rookery::chaos {
namespace {

using client::SessionState;
using model::ErrorCode;

// The nodes of kazoo_clients.py.
constexpr char kRoot[] = "/chaos";
constexpr uint64_t kRegisters = 6;
// Requests that wait for a server; more would only wait with them.
constexpr uint64_t kInFlightMax = 20;
constexpr int64_t kAgainUs = 100'000;

uint64_t Now() {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                   std::chrono::steady_clock::now().time_since_epoch())
                                   .count());
}
int64_t ToUs(uint64_t ns) { return static_cast<int64_t>(ns / 1000); }

std::string At(absl::string_view name) { return absl::StrCat(kRoot, "/", name); }

}  // namespace

HistoryClient::HistoryClient(AsioCore* core, HistoryClientOptions options, sim::History* history)
    : core_(core), options_(std::move(options)), history_(history), random_(options_.seed) {
  Open();
  Later(0, &HistoryClient::Prepare);
}

void HistoryClient::Open() {
  client::Options options;
  options.servers = options_.servers;
  options.session_timeout_ms = options_.session_timeout_ms;
  options.request_timeout_ms = 0;
  options.backoff_max_ms = 500;
  options.seed = random_.Next();
  options.observer = [this](SessionState state) { OnState(state); };
  auto made = client::CreateClient(options_.protocol, core_, std::move(options));
  ROOKERY_CHECK(made.ok()) << made.status();
  client_ = *std::move(made);
  client_->Connect();
}

uint32_t HistoryClient::Server() const {
  for (size_t i = 0; i < options_.servers.size(); ++i) {
    if (options_.servers[i] == client_->server()) return static_cast<uint32_t>(i + 1);
  }
  return 0;
}

void HistoryClient::OnState(SessionState state) {
  const uint64_t now = Now();
  history_->sessions.push_back({.client = options_.number,
                                .order = now,
                                .at_us = ToUs(now),
                                .state = state,
                                .session = client_->session(),
                                .timeout_ms = client_->timeout_ms(),
                                .server = Server()});
  if (state == SessionState::kClosed || !client::IsFinal(state)) return;
  // Whatever waited is answered in this call; the next session comes behind it.
  core_->Post([this, alive = alive_] {
    if (!*alive || finishing_) return;
    client_.reset();
    Open();
  });
}

void HistoryClient::Later(int64_t delay_us, void (HistoryClient::*step)()) {
  core_->RunAfter(delay_us, [this, alive = alive_, step] {
    if (*alive) (this->*step)();
  });
}

void HistoryClient::Ask(client::Operation operation, bool watch, Done done) {
  const size_t place = history_->calls.size();
  const uint64_t number = ++calls_;
  const uint64_t now = Now();
  history_->calls.push_back({.client = options_.number,
                             .number = number,
                             .operation = operation,
                             .watched = watch,
                             .invoked = now,
                             .invoked_us = ToUs(now)});
  ++in_flight_;
  client::Watch told;
  if (watch) {
    told = [this, number](const client::WatchEvent& event) {
      const uint64_t now = Now();
      history_->told.push_back({.client = options_.number,
                                .call = number,
                                .order = now,
                                .at_us = ToUs(now),
                                .session = client_->session(),
                                .event = event});
    };
  }
  client_->Submit(std::move(operation), std::move(told),
                  [this, place, done = std::move(done)](client::Result<model::ReplyBody> result) {
                    sim::Call& call = history_->calls[place];
                    call.returned = Now();
                    call.returned_us = ToUs(call.returned);
                    call.session = client_->session();
                    call.error = result.error;
                    call.maybe_applied = result.maybe_applied;
                    call.zxid = result.zxid;
                    // What the client says by itself carries no zxid.
                    if (result.zxid != 0) call.server = Server();
                    call.body = std::move(result.value);
                    --in_flight_;
                    if (!done) return;
                    const sim::Call copy = call;  // what is done may ask again
                    done(copy);
                  });
}

std::string HistoryClient::Register() { return At(absl::StrCat("k", random_.Below(kRegisters))); }

std::string HistoryClient::Unique() { return absl::StrCat("c", options_.number, ":", ++written_); }

void HistoryClient::Create(std::string path, std::string data, int32_t flags, Done done) {
  Ask(model::WriteOperation(model::CreateRequest{.path = std::move(path),
                                                 .data = std::move(data),
                                                 .acl = *model::OpenAcl(),
                                                 .flags = flags,
                                                 .want_stat = true}),
      false, std::move(done));
}

void HistoryClient::Set(const std::string& path, int32_t version) {
  Ask(model::WriteOperation(
          model::SetDataRequest{.path = path, .data = Unique(), .version = version}),
      false, [this, path](const sim::Call& call) {
        const auto* reply = std::get_if<model::StatReply>(&call.body);
        if (call.ok() && reply != nullptr) versions_[path] = reply->stat.version;
      });
}

// Creates what all need; that others did it before is fine.
void HistoryClient::Prepare() {
  Create(kRoot, "", 0);
  for (const std::string& name : {std::string("eph"), absl::StrCat("own-", options_.number)}) {
    Create(At(name), "", 0);
  }
  for (uint64_t i = 0; i < kRegisters; ++i) Create(At(absl::StrCat("k", i)), "", 0);
  Step();
}

void HistoryClient::Step() {
  if (finishing_) return;
  Later(static_cast<int64_t>(random_.Below(static_cast<uint64_t>(2e6 / options_.per_second)) + 1),
        &HistoryClient::Step);
  if (in_flight_ >= kInFlightMax) return;
  const bool watch = random_.Chance(0.4);
  const uint64_t action = random_.Below(24);
  if (action < 4) return Ask(model::ReadOperation(model::GetDataRequest{Register()}), watch);
  if (action < 6) return Ask(model::ReadOperation(model::ExistsRequest{Register()}), watch);
  if (action < 7) {
    return Ask(
        model::ReadOperation(model::GetChildrenRequest{.path = At("eph"), .want_stat = true}),
        watch);
  }
  if (action < 11) return Set(Register(), -1);
  if (action < 13) {
    const std::string path = Register();
    return Set(path, versions_[path]);
  }
  if (action < 18) return Set(At(absl::StrCat("own-", options_.number)), -1);
  if (action < 20) {
    return Create(At("eph/e-"), Unique(), model::kEphemeralSequential,
                  [this](const sim::Call& call) {
                    const auto* reply = std::get_if<model::CreateReply>(&call.body);
                    if (call.ok() && reply != nullptr) mine_.push_back(reply->path);
                  });
  }
  if (action < 22 && !mine_.empty()) {
    const std::string path = std::exchange(mine_[random_.Below(mine_.size())], mine_.back());
    mine_.pop_back();
    return Ask(model::WriteOperation(model::DeleteRequest{.path = path}), false);
  }
  const std::string path = Register();
  if (random_.Chance(0.2)) {
    Ask(model::WriteOperation(model::DeleteRequest{.path = path}), false);
    return Create(path, Unique(), 0);
  }
  // Ten deep: the reads see the writes before them.
  Ask(model::ReadOperation(model::SyncRequest{path}), false);
  for (int i = 0; i < 4; ++i) {
    Set(path, -1);
    Ask(model::ReadOperation(model::GetDataRequest{path}), false);
  }
}

void HistoryClient::Finish(Task done) {
  finishing_ = true;
  finished_ = std::move(done);
  FinishIfIdle();
}

void HistoryClient::FinishIfIdle() {
  if (in_flight_ > 0) return Later(kAgainUs, &HistoryClient::FinishIfIdle);
  // An answer that shows everything: whatever a watch had to tell was told before.
  Ask(model::ReadOperation(model::SyncRequest{kRoot}), false);
  Ask(model::ReadOperation(model::ExistsRequest{kRoot}), false, [this](const sim::Call&) {
    core_->Post([this, alive = alive_] {
      if (*alive) client_->Close(std::move(finished_));
    });
  });
}

}  // namespace rookery::chaos
