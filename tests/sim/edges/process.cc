#include "tests/sim/edges/process.h"

#include <algorithm>

#include "tests/sim/edges/network.h"

namespace rookery::sim {
namespace {

constexpr int64_t kMillion = 1'000'000;

}  // namespace

void Process::Kill(int64_t silent_us) {
  ++life_;
  powered_ = silent_us == 0;
  world_->network().OnKilled(this, silent_us);
  world_->DropEvents(this);
  paused_ = false;
  post_delay_us_ = 0;
}

void Process::Resume() {
  if (!paused_) return;
  paused_ = false;
  world_->Release(this);
}

void Process::SetDrift(int64_t millionths) {
  drifted_us_ = NowUs() - world_->NowUs();
  drift_since_us_ = world_->NowUs();
  drift_ = millionths;
}

int64_t Process::NowUs() const {
  const int64_t now_us = world_->NowUs();
  return now_us + drifted_us_ + (now_us - drift_since_us_) * drift_ / kMillion;
}

void Process::Post(Task task) {
  world_->Schedule(world_->NowUs() + post_delay_us_, this, std::move(task));
}

TimerId Process::RunAfter(int64_t delay_us, Task task) {
  const int64_t delay = std::max<int64_t>(delay_us, 0);
  const int64_t real_us = drift_ == 0 ? delay : delay * kMillion / (kMillion + drift_) + 1;
  return world_->Schedule(world_->NowUs() + real_us, this, std::move(task));
}

absl::StatusOr<std::unique_ptr<Listener>> Process::Listen(const Address& address,
                                                          OnAccept on_accept) {
  return world_->network().Listen(this, address, std::move(on_accept));
}

void Process::Connect(const Address& address, int64_t timeout_us, OnConnect done) {
  world_->network().Connect(this, address, timeout_us, std::move(done));
}

void Background::Run(Task task) {
  waiting_.push_back(std::move(task));
  Next();
}

void Background::Next() {
  if (busy_ || stuck || waiting_.empty()) return;
  busy_ = true;
  process_->RunAfter(work_us + (extra_us ? extra_us() : 0), [this] { Do(); });
}

void Background::Do() {
  Task task = std::move(waiting_.front());
  waiting_.pop_front();
  const int64_t late = late_us ? late_us() : 0;
  process_->SetPostDelay(late);
  task();  // ends the process perhaps, which sets the delay back
  process_->SetPostDelay(0);
  const auto end = [this] {
    busy_ = false;
    Next();
  };
  if (late == 0) return end();
  process_->RunAfter(late, end);
}

void Background::SetFree() {
  stuck = false;
  Next();
}

}  // namespace rookery::sim
