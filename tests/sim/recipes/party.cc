#include "tests/sim/recipes/party.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/client/session_client.h"

namespace rookery::sim {
namespace {

using client::SessionState;

// A program needs a moment to notice that its session is over.
constexpr int64_t kNoticeMostUs = 2'000'000;

}  // namespace

Party::Party(PartyOptions options, Scene* scene)
    : options_(std::move(options)),
      scene_(scene),
      random_(options_.seed),
      process_(scene->world(), absl::StrCat("party ", options_.number)) {
  Start();
}

Party::~Party() { Crash(); }

void Party::Start() {
  if (std::exchange(up_, true)) return;
  process_.Post([this] { OpenSession(); });
}

bool Party::Crash() {
  if (!std::exchange(up_, false)) return false;
  GoOn();
  scene_->recorder()->Trace("party ", options_.number, " dies");
  process_.Kill();
  EndSession();
  process_.Kill();  // what the ends have posted
  return true;
}

bool Party::Stop() {
  if (!up_ || stopped_us_ != 0) return false;
  stopped_us_ = scene_->world()->NowUs();
  process_.Pause();
  return true;
}

void Party::GoOn() {
  if (stopped_us_ == 0) return;
  scene_->facts.slept.push_back({.party = options_.number,
                                 .from_us = std::exchange(stopped_us_, 0),
                                 .to_us = scene_->world()->NowUs()});
  process_.Resume();
}

bool Party::idle() const {
  return client_ != nullptr && client_->connected() &&
         std::all_of(roles_.begin(), roles_.end(), [](const auto& role) { return role->idle(); });
}

void Party::NoteCopies() {
  for (const auto& role : roles_) role->NoteCopy();
}

void Party::OpenSession() {
  client::Options options;
  for (const ServerDoors& server : options_.servers) {
    options.servers.push_back(options_.grpc ? server.grpc : server.zookeeper);
  }
  options.session_timeout_ms = options_.session_timeout_ms;
  options.request_timeout_ms = options_.request_timeout_ms;
  options.seed = random_.Next();
  options.observer = [this](SessionState state) { OnState(state); };
  client::LinkFactory links = [this](const Address& server, client::LinkHandler* handler) {
    return MakeSimLink({&process_, &process_, &process_}, options_.grpc, server, handler);
  };
  auto session = std::make_unique<client::SessionClient>(&process_, &process_, std::move(links),
                                                         std::move(options));
  client_ = std::make_unique<ObservedClient>(std::move(session), static_cast<ClientWatcher*>(this));
  client_->Connect();
  ++sessions_;
  for (const Recipe recipe : options_.recipes) {
    roles_.push_back(MakeRole(recipe, {.party = options_.number,
                                       .session_number = sessions_,
                                       .client = client_.get(),
                                       .scene = scene_,
                                       .seed = random_.Next()}));
    roles_.back()->Begin();
  }
}

void Party::EndSession() {
  for (const auto& role : roles_) role->End();
  roles_.clear();
  if (client_ == nullptr) return;
  asked_ += client_->asked();
  succeeded_ += client_->succeeded();
  client_.reset();
}

void Party::OnState(SessionState state) {
  scene_->recorder()->Trace("party ", options_.number, " is ", client::StateName(state),
                            " session ", model::ToHex(client_ == nullptr ? 0 : client_->session()));
  if (!client::IsFinal(state)) return;
  process_.RunAfter(random_.Between(0, kNoticeMostUs), [this] {
    EndSession();
    OpenSession();
  });
}

void Party::OnUnanswered(const std::string& path) {
  scene_->facts.unanswered.push_back({.party = options_.number, .path = path});
}

void Party::OnFoundAgain(const std::string& path) {
  scene_->recorder()->Trace("party ", options_.number, " finds ", path, " again");
  scene_->rare.Add(Rare::kNodesFoundAgain);
}

void Party::OnShown(const std::string& path, const model::Data& data) {
  if (data.has_value() && absl::StartsWith(*data, "item-")) scene_->facts.item_paths[*data] = path;
}

}  // namespace rookery::sim
