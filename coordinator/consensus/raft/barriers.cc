#include "coordinator/consensus/raft/barriers.h"

#include <utility>

#include "coordinator/base/varint.h"

namespace rookery::consensus {

Barriers::Barriers(uint64_t server, uint64_t boot_id, int64_t retry_us, Ask ask)
    : server_(server), boot_id_(boot_id), retry_us_(retry_us), ask_(std::move(ask)) {}

void Barriers::Add(int64_t deadline_us, Done done) {
  waiting_.push_back({deadline_us, 0, std::move(done)});
}

std::string Barriers::ContextOf(uint64_t request) const {
  std::string context;
  PutFixed64(server_, &context);
  PutFixed64(boot_id_, &context);
  PutFixed64(request, &context);
  return context;
}

void Barriers::AskNow(int64_t now_us) {
  if (in_flight_ || waiting_.empty()) return;
  Begin(now_us);
}

void Barriers::Begin(int64_t now_us) {
  asked_us_ = now_us;
  in_flight_ = ask_(ContextOf(requests_ + 1));
  if (!in_flight_) return;
  ++requests_;
  for (auto at = waiting_.rbegin(); at != waiting_.rend() && at->request == 0; ++at) {
    at->request = requests_;
  }
}

void Barriers::OnAnswer(absl::string_view context, uint64_t index, int64_t now_us) {
  VarintReader in(context);
  const uint64_t server = in.Fixed64();
  const uint64_t boot_id = in.Fixed64();
  const uint64_t request = in.Fixed64();
  if (!in.AtEnd() || server != server_ || boot_id != boot_id_) return;
  while (!waiting_.empty() && waiting_.front().request != 0 &&
         waiting_.front().request <= request) {
    finished_.push_back({std::move(waiting_.front().done), index});
    waiting_.pop_front();
  }
  if (request < requests_) return;
  in_flight_ = false;
  AskNow(now_us);
}

void Barriers::OnTick(int64_t now_us) {
  std::erase_if(waiting_, [&](Waiting& one) {
    if (one.deadline_us > now_us) return false;
    finished_.push_back(
        {std::move(one.done), absl::DeadlineExceededError("no leader answered in time")});
    return true;
  });
  if (now_us - asked_us_ >= retry_us_) in_flight_ = false;
  AskNow(now_us);
}

void Barriers::OnLeaderChanged(int64_t now_us) {
  in_flight_ = false;
  AskNow(now_us);
}

std::vector<Barriers::Finished> Barriers::TakeFinished() { return std::exchange(finished_, {}); }

}  // namespace rookery::consensus
