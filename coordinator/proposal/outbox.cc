#include "coordinator/proposal/outbox.h"

#include <algorithm>
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/base/limits.h"

namespace rookery::proposal {

void Outbox::Begin(uint64_t incarnation) {
  incarnation_ = incarnation;
  queue_.clear();
  bytes_ = window_bytes_ = 0;
  answered_ = taken_ = sent_ = 0;
  retry_at_us_ = 0;
  ++attempt_;
}

uint64_t Outbox::Add(std::string request) {
  ROOKERY_CHECK(incarnation_ != 0) << "a ticket was asked for without an incarnation";
  bytes_ += request.size();
  queue_.push_back(std::move(request));
  return last_ticket();
}

void Outbox::OnApplied(uint64_t ticket, int64_t now_us) {
  while (answered_ < ticket && !queue_.empty()) {
    ++answered_;
    bytes_ -= queue_.front().size();
    if (answered_ > taken_ && answered_ <= sent_) window_bytes_ -= queue_.front().size();
    queue_.pop_front();
  }
  taken_ = std::max(taken_, answered_);
  sent_ = std::max(sent_, answered_);
  progress_us_ = now_us;
}

void Outbox::OnLeader(uint64_t leader, uint64_t term, int64_t now_us) {
  if (leader == leader_ && term == term_) return;
  leader_ = leader;
  term_ = term;
  // What an earlier leader took may be gone with it.
  taken_ = answered_;
  GoBack(now_us, 0);
}

void Outbox::OnCursor(const Cursor& cursor, int64_t now_us) {
  if (cursor.term != term_ || cursor.incarnation != incarnation_) return;
  const uint64_t taken = std::min(cursor.last_ticket, last_ticket());
  while (taken_ < taken) {
    ++taken_;
    if (taken_ <= sent_) window_bytes_ -= queue_[taken_ - answered_ - 1].size();
    progress_us_ = now_us;
  }
  sent_ = std::max(sent_, taken_);  // an earlier attempt got further than we knew
  if (cursor.go_back && cursor.attempt == attempt_) GoBack(now_us, options_.go_back_delay_us);
}

void Outbox::GoBack(int64_t now_us, int64_t delay_us) {
  ++attempt_;
  sent_ = taken_;
  window_bytes_ = 0;
  progress_us_ = now_us;
  retry_at_us_ = delay_us == 0 ? 0 : now_us + delay_us;
}

Outbox::Run Outbox::Next(size_t bytes_max, size_t requests_max, int64_t now_us) {
  Run run{.first_ticket = sent_ + 1, .attempt = attempt_};
  if (leader_ == 0 || incarnation_ == 0 || applying_term_ != term_) return run;
  if (now_us < retry_at_us_) return run;
  retry_at_us_ = 0;
  if (sent_ == taken_) progress_us_ = now_us;
  size_t bytes = 0;
  while (sent_ < last_ticket() && run.requests.size() < requests_max) {
    const std::string& request = queue_[sent_ - answered_];
    if (window_bytes_ > 0 && window_bytes_ + request.size() > limits::kForwardWindowBytes) break;
    if (bytes > 0 && bytes + request.size() > bytes_max) break;
    bytes += request.size();
    window_bytes_ += request.size();
    run.requests.push_back(request);
    ++sent_;
  }
  return run;
}

void Outbox::Unsend(const Run& run, int64_t retry_at_us) {
  sent_ -= run.requests.size();
  for (const absl::string_view request : run.requests) window_bytes_ -= request.size();
  retry_at_us_ = retry_at_us;
}

void Outbox::Taken(const Run& run, int64_t now_us) {
  taken_ += run.requests.size();
  for (const absl::string_view request : run.requests) window_bytes_ -= request.size();
  progress_us_ = now_us;
}

void Outbox::Tick(int64_t now_us) {
  if (answered_ == sent_ || leader_ == 0) return;
  if (now_us - progress_us_ < options_.progress_timeout_us) return;
  // Taken, but not seen applied: the leader may have lost it with an entry that it could not
  // commit, so only what is applied counts.
  taken_ = answered_;
  GoBack(now_us, 0);
}

}  // namespace rookery::proposal
