// One leader per term, and one vote per server and term, over restarts too.
#include <map>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {

Violations CheckElectionSafety(const History& history) {
  Violations out;
  std::map<uint64_t, const Led*> leaders;
  for (const Led& led : history.led) {
    const auto [at, fresh] = leaders.emplace(led.term, &led);
    if (!fresh && (at->second->engine != led.engine || at->second->life != led.life)) {
      out.push_back(absl::StrCat("term ", led.term, " had two leaders: server ", at->second->server,
                                 " in life ", at->second->life, " and server ", led.server,
                                 " in life ", led.life));
    }
  }
  std::map<model::ServerId, const VoteStep*> votes;
  for (const VoteStep& step : history.votes) {
    const VoteStep*& before = votes[step.engine];
    if (before != nullptr && step.term < before->term) {
      out.push_back(absl::StrCat("server ", step.server, " went back from term ", before->term,
                                 " to term ", step.term, " in life ", step.life));
    }
    if (before != nullptr && step.term == before->term && before->vote != 0 &&
        step.vote != before->vote) {
      out.push_back(absl::StrCat("server ", step.server, " voted for ", before->vote, " in term ",
                                 step.term, " (life ", before->life, "), then for ", step.vote,
                                 " (life ", step.life, ")"));
    }
    before = &step;
  }
  return out;
}

}  // namespace rookery::sim
