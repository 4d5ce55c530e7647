#include "coordinator/service/contact.h"

#include <algorithm>

namespace rookery::service {
namespace {

// Reports without an answer that are remembered: older ones would prove no fresh contact.
constexpr size_t kUnansweredMax = 64;

int64_t IdleMs(int64_t now_us, int64_t heard_us) {
  return std::max<int64_t>(0, (now_us - heard_us) / 1000);
}

}  // namespace

proposal::Report Contact::MakeReport(uint64_t term, int64_t now_us,
                                     std::vector<proposal::Report::Session> connected) {
  proposal::Report report{.sequence = ++sequence_,
                          .round = round_term_ == term ? round_ : 0,
                          .sessions = std::move(connected)};
  for (const auto& [session, heard_us] : departed_) {
    report.sessions.push_back({session, IdleMs(now_us, heard_us)});
  }
  last_made_us_ = now_us;
  unanswered_.emplace_back(sequence_, now_us);
  if (unanswered_.size() > kUnansweredMax) unanswered_.pop_front();
  return report;
}

void Contact::OnTaken(const proposal::ReportTaken& taken, int64_t now_us, uint64_t applied_index) {
  while (!unanswered_.empty() && unanswered_.front().first <= taken.sequence) {
    if (unanswered_.front().first == taken.sequence) {
      last_contact_us_ = std::max(last_contact_us_, unanswered_.front().second);
    }
    unanswered_.pop_front();
  }
  SeeCommitted(now_us, taken.commit_index, applied_index);
}

void Contact::OnLeading(int64_t now_us, uint64_t commit_index, uint64_t applied_index) {
  last_contact_us_ = now_us;
  SeeCommitted(now_us, commit_index, applied_index);
}

void Contact::SeeCommitted(int64_t now_us, uint64_t commit_index, uint64_t applied_index) {
  if (goal_index_ != 0 && applied_index < goal_index_) return;
  goal_index_ = commit_index > applied_index ? commit_index : 0;
  goal_us_ = now_us;
}

int64_t Contact::BehindUs(int64_t now_us, uint64_t applied_index) {
  if (goal_index_ != 0 && applied_index >= goal_index_) goal_index_ = 0;
  return goal_index_ == 0 ? 0 : now_us - goal_us_;
}

}  // namespace rookery::service
