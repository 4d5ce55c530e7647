// This server's round trips to the leader: reports of who was heard, and what their answers say
// about contact (DESIGN section 2, "When a server serves"). I/O-free.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "coordinator/model/ids.h"
#include "coordinator/proposal/peer_message.h"

namespace rookery::service {

class Contact {
 public:
  explicit Contact(int64_t report_interval_us) : report_interval_us_(report_interval_us) {}

  // The leader of `term` wants a report for its round.
  void OnRoundCall(const proposal::RoundCall& call) {
    round_term_ = call.term;
    round_ = call.round;
  }
  bool ReportDue(int64_t now_us) const { return now_us - last_made_us_ >= report_interval_us_; }
  // A report for the leader of `term`: the sessions connected here, by the caller, and those that
  // left.
  proposal::Report MakeReport(uint64_t term, int64_t now_us,
                              std::vector<proposal::Report::Session> connected);

  // A session's connection ended; it was last heard then. Every report tells so, not only until one
  // leader has taken it: the next leader must know the age too.
  void OnDeparted(model::SessionId session, int64_t heard_us) { departed_[session] = heard_us; }
  // It is connected somewhere again, or ended.
  void ForgetDeparted(model::SessionId session) { departed_.erase(session); }
  // Those that ended unseen: an installed checkpoint tells no story.
  void ForgetDepartedBut(const std::function<bool(model::SessionId)>& lives) {
    std::erase_if(departed_, [&](const auto& entry) { return !lives(entry.first); });
  }

  // The leader of the present term answered.
  void OnTaken(const proposal::ReportTaken& taken, int64_t now_us, uint64_t applied_index);
  // This server leads: it is in contact with itself.
  void OnLeading(int64_t now_us, uint64_t commit_index, uint64_t applied_index);

  // A barrier of the log passed, which is a round trip too.
  void OnServing(int64_t now_us) { last_contact_us_ = now_us; }

  // When what the leader answered last was sent; 0: never.
  int64_t last_contact_us() const { return last_contact_us_; }
  // How long it has been known that more was committed than is applied here; 0: it is not.
  int64_t BehindUs(int64_t now_us, uint64_t applied_index);

 private:
  void SeeCommitted(int64_t now_us, uint64_t commit_index, uint64_t applied_index);

  const int64_t report_interval_us_;
  uint64_t sequence_ = 0;
  int64_t last_made_us_ = 0;
  std::deque<std::pair<uint64_t, int64_t>> unanswered_;  // sequence, when made; at most a few
  uint64_t round_term_ = 0;
  uint64_t round_ = 0;
  int64_t last_contact_us_ = 0;
  std::map<model::SessionId, int64_t> departed_;  // when it was heard
  uint64_t goal_index_ = 0;                       // known as committed at goal_us_, 0: reached
  int64_t goal_us_ = 0;
};

}  // namespace rookery::service
