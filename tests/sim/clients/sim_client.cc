#include "tests/sim/clients/sim_client.h"

#include <utility>

#include "coordinator/client/grpc/grpc_link.h"
#include "coordinator/client/session_client.h"
#include "coordinator/client/zookeeper/zookeeper_link.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using client::SessionState;
using client::WatchEvent;
using model::ErrorCode;

constexpr int64_t kUnaryTimeoutUs = 5'000'000;

// The error of the part that made a multi fail.
ErrorCode PartError(const model::ReplyBody& body) {
  const auto* multi = std::get_if<model::MultiReply>(&body);
  if (multi == nullptr) return ErrorCode::kOk;
  for (const model::MultiReply::Part& part : multi->parts) {
    if (part.error != ErrorCode::kOk && part.error != ErrorCode::kRuntimeInconsistency) {
      return part.error;
    }
  }
  return ErrorCode::kOk;
}

}  // namespace

std::unique_ptr<client::Link> MakeSimLink(const ClientHost& host, bool grpc, const Address& server,
                                          client::LinkHandler* handler) {
  if (grpc) {
    return std::make_unique<client::GrpcLink>(
        host.executor, SimGrpcStreams(host.executor, host.network), server, handler);
  }
  return std::make_unique<client::ZooKeeperLink>(host.executor, host.network, server, handler);
}

SimClient::SimClient(const ClientHost& host, SimClientOptions options, Recorder* recorder)
    : host_(host), options_(std::move(options)), recorder_(recorder), random_(options_.seed) {
  OpenSession();
}

SimClient::~SimClient() {
  *alive_ = false;
  unary_.clear();
  replaced_.clear();
  client_.reset();
}

uint32_t SimClient::ServerAt(const Address& address) const {
  for (const ServerDoors& server : options_.servers) {
    if ((options_.grpc ? server.grpc : server.zookeeper) == address) return server.number;
  }
  return 0;
}

void SimClient::OpenSession(model::SessionId session, std::string password) {
  ++generation_;
  in_flight_ = 0;
  watching_.clear();
  state_ = SessionState::kNotConnected;
  closing_ = close_answered_ = away_ = false;
  link_ = nullptr;
  client::Options options;
  for (const ServerDoors& server : options_.servers) {
    options.servers.push_back(options_.grpc ? server.grpc : server.zookeeper);
  }
  options.session_timeout_ms = options_.session_timeout_ms;
  options.request_timeout_ms = 0;
  options.seed = random_.Next();
  options.session = session;
  options.password = std::move(password);
  options.observer = [this, generation = generation_](SessionState state) {
    if (generation == generation_) OnState(state);
  };
  client::LinkFactory factory = [this, generation = generation_](
                                    const Address& server,
                                    client::LinkHandler* handler) -> std::unique_ptr<client::Link> {
    if (generation != generation_)
      return MakeSimLink(host_, options_.grpc, server, handler);  // of a replaced client
    auto link = std::make_unique<RecordingLink>(
        [&](client::LinkHandler* of) { return MakeSimLink(host_, options_.grpc, server, of); },
        server, static_cast<LinkWatcher*>(this), handler);
    link_ = link.get();
    return link;
  };
  client_ = std::make_unique<client::SessionClient>(host_.executor, host_.clock, std::move(factory),
                                                    std::move(options));
  client_->Connect();
}

// --- calls

void SimClient::Begin(Call call, size_t* place) {
  call.client = options_.number;
  call.number = ++last_number_;
  call.invoked = recorder_->Next();
  call.invoked_us = recorder_->NowUs();
  recorder_->Trace("client ", options_.number, " #", call.number, " asks ", ToText(call.operation));
  *place = recorder_->history().calls.size();
  recorder_->history().calls.push_back(std::move(call));
  ++asked_;
  ++in_flight_;
}

void SimClient::End(size_t place, client::Result<model::ReplyBody> result, const Done& done) {
  Call& call = recorder_->history().calls[place];
  call.returned = recorder_->Next();
  call.returned_us = recorder_->NowUs();
  call.zxid = result.zxid;
  call.error = result.ok() ? PartError(result.value) : result.error;
  call.maybe_applied = result.maybe_applied;
  call.body = std::move(result.value);
  --in_flight_;
  if (call.ok()) ++succeeded_;
  recorder_->Trace(ToText(call));
  if (!done) return;
  const Call copy = call;  // what is done may ask again, which moves the list
  done(copy);
}

void SimClient::Submit(client::Operation operation, bool watch, Done done) {
  size_t place = 0;
  Begin({.operation = operation, .watched = watch}, &place);
  const uint64_t number = last_number_;
  client::Watch told = nullptr;
  if (watch) {
    watching_.insert(number);
    const auto* read = std::get_if<model::ReadOperation>(&operation);
    const bool stays = read != nullptr && std::holds_alternative<model::AddWatchRequest>(*read);
    told = [this, number, stays, generation = generation_](const WatchEvent& event) {
      if (generation != generation_) return;
      if (!stays || event.kind == WatchEvent::Kind::kSessionLost) watching_.erase(number);
      OnTold(number, event);
    };
  }
  client_->Submit(std::move(operation), std::move(told),
                  [this, place, generation = generation_,
                   done = std::move(done)](client::Result<model::ReplyBody> result) {
                    if (generation != generation_) return;
                    Call& call = recorder_->history().calls[place];
                    call.session = client_->session();
                    // What the client says by itself carries no zxid.
                    if (result.zxid != 0) call.server = ServerAt(client_->server());
                    End(place, std::move(result), done);
                  });
}

void SimClient::ReadLinearizable(model::ReadOperation operation, Done done) {
  size_t place = 0;
  Begin({.operation = operation, .linearizable = true}, &place);
  const uint64_t number = last_number_;
  const ServerDoors& server = options_.servers[random_.Below(options_.servers.size())];
  unary_[number] = SimUnaryCall::Start(
      host_.network, server.grpc, operation, true, kUnaryTimeoutUs,
      [this, place, number, at = server.number,
       done = std::move(done)](absl::StatusOr<model::Reply> reply) {
        host_.executor->Post([this, alive = alive_, number] {
          if (*alive) unary_.erase(number);
        });
        client::Result<model::ReplyBody> result;
        if (reply.ok()) {
          recorder_->history().calls[place].server = at;
          result = {.error = reply->error, .zxid = reply->zxid, .value = std::move(reply->body)};
        } else {
          result.error = ErrorCode::kConnectionLoss;
        }
        End(place, std::move(result), done);
      });
}

// --- sessions

void SimClient::Break() {
  if (!connected() || closing_ || link_ == nullptr) return;
  recorder_->Trace("client ", options_.number, " breaks its connection");
  NoteLeft(client_->session());
  link_->Break();
}

void SimClient::CloseSession() {
  if (closing_) return;
  closing_ = true;
  Begin({.operation = model::WriteOperation(model::CloseSessionRequest())}, &close_place_);
  client_->Close(nullptr);
}

void SimClient::OnCloseAnswered(const model::Reply& reply) {
  close_answered_ = true;
  Call& call = recorder_->history().calls[close_place_];
  call.session = client_->session();
  call.server = ServerAt(client_->server());
  End(close_place_, {.error = reply.error, .zxid = reply.zxid, .value = reply.body}, nullptr);
}

void SimClient::GiveUpCalls() {
  for (Call& call : recorder_->history().calls) {
    if (call.client == options_.number && call.returned == 0 && call.session == 0) {
      call.session = client_->session();
    }
  }
}

void SimClient::Abandon() {
  recorder_->Trace("client ", options_.number, " abandons its session");
  GiveUpCalls();
  NoteLeft(client_->session());
  ++generation_;
  host_.executor->Post([this, alive = alive_, generation = generation_] {
    if (!*alive || generation != generation_) return;
    unary_.clear();
    client_.reset();
    OpenSession();
  });
}

void SimClient::TakeOver(int64_t fight_us) {
  if (!connected() || closing_ || link_ == nullptr) return;
  ++taken_over_;
  recorder_->Trace("client ", options_.number, " is replaced by a second client of its session");
  for (const uint64_t number : std::exchange(watching_, {})) OnTold(number, WatchEvent());
  GiveUpCalls();
  link_->StopWatching();
  replaced_.push_back(std::move(client_));
  client::Client* const replaced = replaced_.back().get();
  host_.executor->RunAfter(fight_us, [this, alive = alive_, replaced] {
    if (!*alive) return;
    NoteLeft(replaced->session());
    std::erase_if(replaced_, [&](const auto& one) { return one.get() == replaced; });
  });
  unary_.clear();
  OpenSession(replaced->session(), replaced->password());
}

void SimClient::Leave(int64_t away_us) {
  if (!connected() || closing_) return;
  recorder_->Trace("client ", options_.number, " dies and comes back after ", away_us / 1000,
                   " ms");
  for (const uint64_t number : std::exchange(watching_, {})) OnTold(number, WatchEvent());
  GiveUpCalls();
  NoteLeft(client_->session());
  ++generation_;
  away_ = true;
  state_ = SessionState::kNotConnected;
  host_.executor->Post([this, alive = alive_, generation = generation_] {
    if (!*alive || generation != generation_) return;
    unary_.clear();
    client_.reset();
  });
  host_.executor->RunAfter(away_us, [this, alive = alive_, generation = generation_,
                                     session = client_->session(), password = client_->password()] {
    if (*alive && generation == generation_) OpenSession(session, password);
  });
}

void SimClient::NoteLeft(model::SessionId session) {
  recorder_->history().left.push_back({.client = options_.number,
                                       .order = recorder_->Next(),
                                       .at_us = recorder_->NowUs(),
                                       .session = session});
}

void SimClient::OnState(SessionState state) {
  state_ = state;
  recorder_->history().sessions.push_back({.client = options_.number,
                                           .order = recorder_->Next(),
                                           .at_us = recorder_->NowUs(),
                                           .state = state,
                                           .session = client_->session(),
                                           .timeout_ms = client_->timeout_ms(),
                                           .server = ServerAt(client_->server())});
  recorder_->Trace("client ", options_.number, " is ", client::StateName(state), " session ",
                   model::ToHex(client_->session()), " server ", ServerAt(client_->server()));
  if (!client::IsFinal(state)) return;
  if (closing_ && !close_answered_) {
    End(close_place_, {.error = ErrorCode::kConnectionLoss, .maybe_applied = true}, nullptr);
  }
  // Everything that waits is answered in this call of the client, which must not end in it.
  host_.executor->Post([this, alive = alive_, generation = generation_] {
    if (!*alive || generation != generation_) return;
    ++generation_;
    unary_.clear();
    client_.reset();
    OpenSession();
  });
}

// --- events

void SimClient::OnTold(uint64_t call, const WatchEvent& event) {
  ++told_in_event_;
  recorder_->history().told.push_back({.client = options_.number,
                                       .call = call,
                                       .order = recorder_->Next(),
                                       .at_us = recorder_->NowUs(),
                                       .session = client_->session(),
                                       .event = event});
  recorder_->Trace(ToText(recorder_->history().told.back()));
}

void SimClient::OnLinkOpened(const Address& server, bool refused) {
  if (refused) {
    recorder_->Trace("client ", options_.number, " is refused by server ", ServerAt(server));
  }
}

void SimClient::BeforeEvent(const model::Event&) { told_in_event_ = 0; }

void SimClient::AfterEvent(const model::Event& event) {
  if (told_in_event_ == 0) OnTold(0, {client::KindOf(event.type), event.path, event.zxid});
}

}  // namespace rookery::sim
