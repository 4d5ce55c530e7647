#include "coordinator/service/ended_clients.h"

#include <algorithm>

#include "coordinator/base/logging.h"
#include "coordinator/base/plant.h"

namespace rookery::service {
namespace {

// Fewer than these tell nothing of each other.
constexpr size_t kCrowd = 10;

}  // namespace

void EndedClients::Tick(int64_t now_us) {
  if (last_tick_us_ != 0) {
    clock_us_ += std::clamp<int64_t>(now_us - last_tick_us_, 0, options_.pause_us);
  }
  last_tick_us_ = now_us;
  std::erase_if(attempted_, [this](const auto& one) { return one.second.forget_us <= clock_us_; });
}

void EndedClients::OnEnded(model::SessionId session, uint64_t attach_count, bool counts,
                           size_t connections) {
  if (!enabled()) return;
  const int64_t since_us = clock_us_ - options_.grace_us;
  while (!lately_.empty() && lately_.front().at_us <= since_us) lately_.pop_front();
  while (!crowd_.empty() && crowd_.front().at_us <= since_us) crowd_.pop_front();
  lately_.push_back({clock_us_, session});
  while (!crowd_.empty() && crowd_.back().connections <= connections) crowd_.pop_back();
  crowd_.push_back({clock_us_, connections});
  const size_t most = crowd_.front().connections;
  if (most >= kCrowd && 2 * lately_.size() > most) {
    if (many_) return;
    many_ = true;
    for (const End& end : lately_) ended_.erase(end.session);
    LogWarn("many connections ended at once: their sessions keep their timeouts",
            {{"ended", lately_.size()}, {"of", most}});
    return;
  }
  many_ = false;
  if (counts) ended_[session] = {.attach_count = attach_count, .at_us = clock_us_};
}

void EndedClients::OnAttempted(model::SessionId session, uint64_t attach_count,
                               int32_t timeout_ms) {
  if (!enabled()) return;
  ended_.erase(session);
  attempted_[session] = {.attach_count = attach_count,
                         .at_us = clock_us_,
                         .forget_us = clock_us_ + int64_t{timeout_ms} * 1000};
}

void EndedClients::OnMovedOn(model::SessionId session) {
  if (!ROOKERY_PLANTED(kGraceForgetsReturn)) ended_.erase(session);
}

std::vector<proposal::Report::Sign> EndedClients::Ended() const { return SignsOf(ended_); }

std::vector<proposal::Report::Sign> EndedClients::Attempted() const { return SignsOf(attempted_); }

std::vector<proposal::Report::Sign> EndedClients::SignsOf(
    const std::map<model::SessionId, Noted>& noted) const {
  std::vector<proposal::Report::Sign> signs;
  signs.reserve(noted.size());
  for (const auto& [session, one] : noted) {
    signs.push_back({session, one.attach_count, (clock_us_ - one.at_us) / 1000});
  }
  return signs;
}

}  // namespace rookery::service
