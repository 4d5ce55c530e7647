#include "coordinator/session/expiry/expiry.h"

#include <algorithm>

#include "coordinator/base/plant.h"

namespace rookery::session {

void Expiry::Begin(int64_t now_us, const std::vector<Known>& sessions) {
  End();
  running_ = true;
  last_tick_us_ = now_us;
  for (const Known& session : sessions) {
    OnAttached(session);
    sessions_[session.id].assumed = true;
  }
}

void Expiry::End() {
  running_ = round_open_ = false;
  sessions_.clear();
  deadlines_ = {};
  due_.clear();
  asked_.clear();
  awaited_.clear();
  reported_.clear();
}

void Expiry::OnAttached(const Known& known) {
  Session& session = sessions_[known.id];
  session = {.timeout_us = int64_t{known.timeout_ms} * 1000, .attach_count = known.attach_count};
  session.deadline_us = clock_us_ + session.timeout_us;
  due_.erase(known.id);
  deadlines_.emplace(session.deadline_us, known.id);
}

void Expiry::OnHeard(model::SessionId id, int64_t idle_ms, bool by_owner) {
  const auto at = sessions_.find(id);
  if (at == sessions_.end()) return;
  Session& session = at->second;
  const int64_t deadline_us = clock_us_ - idle_ms * 1000 + session.timeout_us;
  if (session.assumed && by_owner) {
    // Its first report tells the true age, which may be worse than what was assumed.
    session.assumed = false;
    session.deadline_us = deadline_us;
    deadlines_.emplace(deadline_us, id);
  } else {
    session.deadline_us = std::max(session.deadline_us, deadline_us);
  }
}

void Expiry::OnEnded(model::SessionId id, uint64_t attach_count, int64_t ago_ms, uint64_t round) {
  const auto at = sessions_.find(id);
  if (options_.disconnect_grace_us == 0 || at == sessions_.end()) return;
  Session& session = at->second;
  if (session.attach_count != attach_count && !ROOKERY_PLANTED(kGraceForgetsReturn)) return;
  // The age of time in which its owner ran: it may tell a later end than before, never an earlier.
  const int64_t ended_us = clock_us_ - ago_ms * 1000;
  session.ended_us = session.ended ? std::max(session.ended_us, ended_us) : ended_us;
  session.ended = true;
  session.ended_round = std::max(session.ended_round, round);
  deadlines_.emplace(DueUs(session), id);
}

void Expiry::OnAttempted(model::SessionId id, uint64_t attach_count, int64_t ago_ms) {
  const auto at = sessions_.find(id);
  if (at == sessions_.end()) return;
  Session& session = at->second;
  // Under the present attach whenever it was: a server may hear the attempt before another one has
  // heard the end. Who has not applied that attach yet tells at least the time.
  const int64_t attempted_us = attach_count >= session.attach_count
                                   ? std::numeric_limits<int64_t>::max()
                                   : clock_us_ - ago_ms * 1000;
  session.attempted_us = std::max(session.attempted_us, attempted_us);
}

void Expiry::OnReport(model::ServerId server, uint64_t round) {
  if (!round_open_ || round != round_) return;
  awaited_.erase(server);
  reported_.insert(server);
}

Expiry::Actions Expiry::Tick(int64_t now_us, const Ensemble& ensemble) {
  Actions actions;
  if (!running_) return actions;
  clock_us_ += std::clamp<int64_t>(now_us - last_tick_us_, 0, 2 * options_.tick_us);
  last_tick_us_ = now_us;
  CollectDue();
  if (round_open_) {
    if (clock_us_ - round_began_us_ >= options_.contact_timeout_us) awaited_.clear();
    if (awaited_.empty() && !AllAsked(ensemble)) round_open_ = false;  // the next one asks them all
    if (round_open_ && awaited_.empty()) CloseRound(ensemble, &actions);
  }
  if (!round_open_ && !due_.empty() && actions.expired.empty()) {
    round_open_ = true;
    round_began_us_ = clock_us_;
    asked_ = awaited_ = {ensemble.connected.begin(), ensemble.connected.end()};
    reported_.clear();
    actions.call_round = ++round_;
  }
  return actions;
}

int64_t Expiry::DueUs(const Session& session) const {
  if (!session.ended || session.attempted_us >= session.ended_us) return session.deadline_us;
  return std::min(session.deadline_us,
                  std::max(session.ended_us + options_.disconnect_grace_us, session.not_before_us));
}

void Expiry::CollectDue() {
  std::erase_if(due_, [this](model::SessionId id) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return true;
    const int64_t due_us = DueUs(at->second);
    if (due_us <= clock_us_) return false;
    deadlines_.emplace(due_us, id);
    return true;
  });
  while (!deadlines_.empty() && deadlines_.top().first <= clock_us_) {
    const model::SessionId id = deadlines_.top().second;
    deadlines_.pop();
    const auto at = sessions_.find(id);
    if (at == sessions_.end() || due_.contains(id)) continue;
    if (const int64_t due_us = DueUs(at->second); due_us > clock_us_) {
      deadlines_.emplace(due_us, id);
    } else {
      due_.insert(id);
    }
  }
}

// A server whose connection came up since the round began may have heard a client all the time.
bool Expiry::AllAsked(const Ensemble& ensemble) const {
  return std::all_of(ensemble.connected.begin(), ensemble.connected.end(),
                     [this](model::ServerId server) { return asked_.contains(server); });
}

void Expiry::CloseRound(const Ensemble& ensemble, Actions* actions) {
  round_open_ = false;
  if (!ensemble.is_majority(reported_)) return;
  for (const model::SessionId id : due_) {
    Session& session = sessions_.at(id);
    if (session.deadline_us <= round_began_us_) {
      actions->expired.push_back({.id = id, .attach_count = session.attach_count});
      session.deadline_us = clock_us_ + options_.propose_again_us;
    } else if (session.ended && session.ended_round != round_) {
      session.ended = false;  // withdrawn, or its owner is out of contact: the timeout holds
    } else if (DueUs(session) <= round_began_us_) {
      actions->expired.push_back({.id = id, .attach_count = session.attach_count, .ended = true});
      session.not_before_us = clock_us_ + options_.propose_again_us;
    }
  }
}

std::vector<std::pair<int64_t, model::SessionId>> Expiry::Deadlines() const {
  std::vector<std::pair<int64_t, model::SessionId>> deadlines;
  deadlines.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) {
    deadlines.emplace_back(DueUs(session) - clock_us_, id);
  }
  std::sort(deadlines.begin(), deadlines.end());
  return deadlines;
}

}  // namespace rookery::session
