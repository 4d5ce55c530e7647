// The agreed order: each item is applied request by request, and after each request come first the
// watch events, then the answer to whoever waits here, then the reads that waited behind it.
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/consensus/members.h"
#include "coordinator/service/apply_observer.h"
#include "coordinator/service/server_service.h"

namespace rookery::service {

using consensus::Item;
using machine::Outcome;

void ServerService::OnItems(std::vector<Item> items) {
  if (installing_ || failed_) return;
  for (Item& item : items) {
    if (options_.observer != nullptr) options_.observer->OnCommitted(item);
    items_.push_back({std::move(item)});
  }
  if (apply_loading_) LoadAhead();
  PostApply();
}

void ServerService::PostApply() {
  if (apply_posted_) return;
  apply_posted_ = true;
  core_->Post([this, alive = alive_] {
    if (!*alive) return;
    apply_posted_ = false;
    ApplySome();
  });
}

// Bounded, so that one huge entry does not keep pings of other connections waiting.
void ServerService::ApplySome() {
  if (installing_ || failed_) return;
  const uint64_t before = machine_->applied_index();
  for (int budget = options_.requests_per_turn; budget > 0; --budget) {
    if (!ApplyStep()) {
      budget = 0;
      if (machine_->applied_index() != before) consensus_->Applied(machine_->applied_index());
      return;
    }
  }
  if (machine_->applied_index() != before) consensus_->Applied(machine_->applied_index());
  PostApply();
}

bool ServerService::ApplyStep() {
  if (apply_loading_ || installing_ || failed_) return false;
  if (turn_ != 0) {
    // The reads behind the last write run before the next request.
    Connection* connection = Find(turn_);
    if (connection != nullptr && connection->loading) return false;
    turn_ = 0;
  }
  if (!in_item_) {
    keeper_->BetweenEntries();
    if (items_.empty()) return false;
    BeginItem();
  }
  Outcome outcome;
  switch (machine_->Next(&outcome)) {
    case machine::Step::kMissing:
      LoadForItem();
      return false;
    case machine::Step::kFinished:
      FinishItem();
      return true;
    case machine::Step::kOutcome:
      OnOutcome(std::move(outcome));
      return true;
  }
  return false;
}

void ServerService::BeginItem() {
  in_item_ = true;
  Item& item = items_.front().item;
  proposer_->OnApplyingTerm(item.term);
  switch (item.kind) {
    case Item::Kind::kEntry:
      machine_->BeginEntry(item.index, item.term, item.bytes);
      break;
    case Item::Kind::kLeaderStarted:
      machine_->BeginLeader(item.index, item.term);
      break;
    case Item::Kind::kConfiguration:
      machine_->BeginConfiguration(item.index, item.term,
                                   consensus::EncodeConfiguration(item.configuration), item.bytes);
      break;
  }
}

void ServerService::FinishItem() {
  const PendingItem& done = items_.front();
  keeper_->OnApplied(done.item.bytes.size());
  if (done.load_began) {
    --items_loaded_ahead_;
    loaded_ahead_bytes_ -= done.item.bytes.size();
  }
  if (options_.observer != nullptr) options_.observer->OnApplied(*machine_);
  const bool leader_started = done.item.kind == Item::Kind::kLeaderStarted;
  items_.pop_front();
  in_item_ = false;
  apply_pins_.clear();
  if (leader_started) duties_->Update();
  barriers_->OnApplied(machine_->applied_index());
  if (leader_started && !stopping_) standing_->Tick(clock_->NowUs());
}

// Nodes are not looked for before they turn out missing, since they mostly are in memory and
// looking costs as much as applying. Once one is missing, others will be: of the same entry, which
// are loaded together with it, and of those behind, which are loaded ahead.
void ServerService::LoadForItem() {
  ++counters_.apply_misses;
  store::LoadSet set = machine_->Missing();
  PendingItem& front = items_.front();
  if (front.item.kind == Item::Kind::kEntry && !front.load_began) {
    store::LoadSet touches = UnknownOf(machine_->Touches(front.item.bytes));
    for (std::string& path : touches.nodes) set.nodes.push_back(std::move(path));
    for (std::string& path : touches.child_lists) set.child_lists.push_back(std::move(path));
  }
  if (!front.load_began) {
    front.load_began = true;
    ++items_loaded_ahead_;
    loaded_ahead_bytes_ += front.item.bytes.size();
  }
  apply_loading_ = true;
  apply_pins_.push_back(store_->Load(
      std::move(set), [this, alive = alive_, generation = generation_](absl::Status status) {
        if (!*alive || generation != generation_) return;
        if (!status.ok()) return Fail(std::move(status));
        apply_loading_ = false;
        PostApply();
      }));
  LoadAhead();
}

// What has to be loaded at all, often a few of thousands. What is in memory has just been looked
// at, so it is the last to be evicted; should it go all the same, its request misses and loads it.
store::LoadSet ServerService::UnknownOf(store::LoadSet set) const {
  std::erase_if(set.nodes, [this](const std::string& path) {
    return store_->Find(path).presence != store::Presence::kUnknown;
  });
  return set;
}

void ServerService::LoadAhead() {
  while (items_loaded_ahead_ < items_.size() && loaded_ahead_bytes_ < options_.load_ahead_bytes) {
    PendingItem& next = items_[items_loaded_ahead_];
    next.load_began = true;
    ++items_loaded_ahead_;
    loaded_ahead_bytes_ += next.item.bytes.size();
    if (next.item.kind != Item::Kind::kEntry) continue;
    store::LoadSet set = UnknownOf(machine_->Touches(next.item.bytes));
    if (set.empty()) continue;
    next.pin = store_->Load(std::move(set), [this, alive = alive_](absl::Status status) {
      if (*alive && !status.ok()) Fail(std::move(status));
    });
  }
}

void ServerService::OnOutcome(Outcome outcome) {
  if (options_.observer != nullptr) options_.observer->OnOutcome(outcome);
  if (outcome.kind == Outcome::Kind::kSkipped) {
    ++counters_.skipped_requests;
    if (machine_->Incarnation(outcome.origin.server) != outcome.origin.incarnation) {
      ++counters_.refused_requests;
    }
    return;
  }
  ++counters_.applied_requests;
  if (outcome.kind == Outcome::Kind::kGranted) {
    if (!standing_->OnGranted(outcome.origin.server, outcome.origin.incarnation, outcome.nonce)) {
      StartOver();
    }
    return;
  }
  if (outcome.kind == Outcome::Kind::kEmptied) ++counters_.deleted_containers;
  duties_->OnOutcome(outcome);
  FireWatches(outcome);
  const bool ours = outcome.kind == Outcome::Kind::kRequest &&
                    outcome.origin.server == options_.self &&
                    outcome.origin.incarnation == standing_->incarnation();
  FollowSession(outcome);
  if (ours) Answer(std::move(outcome));
}

void ServerService::FireWatches(const Outcome& outcome) {
  if (watches_.empty()) return;
  for (const model::Change& change : outcome.changes) {
    const auto may_read = [this](ConnectionId id, const model::Acl& acl) {
      const Connection* connection = Find(id);
      return connection != nullptr && model::Allows(acl, *connection->credentials, model::kRead);
    };
    for (const watch::Notice& notice : watches_.Fire(change, outcome.reply.zxid, may_read)) {
      Connection* connection = Find(notice.connection);
      if (connection == nullptr) continue;
      connection->told_us = clock_->NowUs();
      connection->client->OnEvent(notice.event);
    }
  }
}

// Sends away connections of this server whose session ended or moved.
void ServerService::FollowSession(const Outcome& outcome) {
  using Event = Outcome::SessionEvent;
  // Who owns it now knows better.
  if (outcome.session_event != Event::kNone) {
    contact_.ForgetDeparted(outcome.session);
    ended_clients_.OnMovedOn(outcome.session);
  }
  if (outcome.kind == Outcome::Kind::kExpired) ++counters_.expired_sessions;
  const auto at = by_session_.find(outcome.session);
  if (at == by_session_.end()) return;
  const ConnectionId id = at->second;
  if (outcome.session_event == Event::kAttached && outcome.owner.server == options_.self &&
      outcome.owner.connection == id) {
    return;
  }
  if (outcome.session_event == Event::kAttached) {
    Farewell(id, service::Farewell::kMoved);
    contact_.ForgetDeparted(outcome.session);
  } else if (outcome.kind == Outcome::Kind::kExpired) {
    Farewell(id, service::Farewell::kExpired);
    contact_.ForgetDeparted(outcome.session);
  }
}

void ServerService::Answer(Outcome outcome) {
  proposer_->OnApplied(outcome.origin.ticket);
  ROOKERY_CHECK(!waiting_.empty() && waiting_.front().ticket == outcome.origin.ticket)
      << "ticket " << outcome.origin.ticket << " was applied, but another one is next";
  Waiter waiter = std::move(waiting_.front());
  waiting_.pop_front();
  counters_.updates.Add(clock_->NowUs() - waiter.submitted_us);
  if (waiter.kind == Waiter::Kind::kOnce) {
    waiter.once(std::move(outcome.reply));
    return;
  }
  Connection* connection = Find(waiter.connection);
  if (connection == nullptr) return;
  if (waiter.kind == Waiter::Kind::kSession) {
    AnswerSession(*connection, outcome);
    return;
  }
  if (outcome.reply.error == model::ErrorCode::kSessionMoved) {
    Farewell(connection->id, service::Farewell::kMoved);
    return;
  }
  const bool closed = outcome.session_event == Outcome::SessionEvent::kClosed;
  turn_ = connection->id;
  ReplyTo(*connection, std::move(outcome.reply));
  if (connection->gone) return;
  if (closed) {
    by_session_.erase(connection->session);
    Farewell(connection->id, service::Farewell::kClosed);
    return;
  }
  RunLane(*connection);
}

void ServerService::AnswerSession(Connection& connection, const Outcome& outcome) {
  if (connection.last_zxid_seen > machine_->last_zxid()) {
    // It has seen what is not applied here yet: it must not go back in time.
    Farewell(connection.id, service::Farewell::kNotServing);
    return;
  }
  const auto* granted = std::get_if<model::SessionReply>(&outcome.reply.body);
  if (outcome.reply.error != model::ErrorCode::kOk || granted == nullptr) {
    connection.state = Connection::State::kFresh;
    model::Reply refused{.error = model::ErrorCode::kSessionExpired,
                         .zxid = outcome.reply.zxid,
                         .body = model::SessionReply()};
    connection.client->OnSession(refused);
    return;
  }
  connection.session = granted->session;
  connection.timeout_ms = granted->timeout_ms;
  connection.state = Connection::State::kOpen;
  connection.attached_us = connection.heard_us = connection.told_us = clock_->NowUs();
  by_session_[connection.session] = connection.id;
  contact_.ForgetDeparted(connection.session);
  ended_clients_.OnCameBack(connection.session);
  if (outcome.session_event == Outcome::SessionEvent::kAttached) ++counters_.revalidated_sessions;
  connection.client->OnSession(outcome.reply);
}

void ServerService::ForgetItems() {
  ++generation_;
  items_.clear();
  apply_pins_.clear();
  items_loaded_ahead_ = loaded_ahead_bytes_ = 0;
  in_item_ = apply_loading_ = false;
  turn_ = 0;
}

void ServerService::OnInstall(consensus::Manifest manifest, std::string directory,
                              absl::AnyInvocable<void(absl::Status)> done) {
  // What clients have seen may not be in the new state yet: they come back by the usual rules.
  standing_->StartOver();
  DropClients(service::Farewell::kNotServing);
  ForgetItems();
  installing_ = true;
  keeper_->Install(std::move(manifest), std::move(directory),
                   [this, done = std::move(done)](absl::Status status) mutable {
                     if (!status.ok()) {
                       Fail(status);
                       done(std::move(status));
                       return;
                     }
                     installing_ = false;
                     proposer_->OnApplyingTerm(machine_->applied_term());
                     barriers_->OnApplied(machine_->applied_index());
                     duties_->Update();
                     done(absl::OkStatus());
                     if (options_.observer != nullptr) {
                       options_.observer->OnStands(*machine_, consensus_->GetStatus());
                     }
                     if (!stopping_) standing_->Tick(clock_->NowUs());
                     PostApply();
                   });
}

}  // namespace rookery::service
