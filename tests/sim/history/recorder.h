// Writes the history of a run: numbers occurrences, knows the time. Clients, probes and the
// ensemble hold a pointer to the one recorder of a run.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/clock.h"
#include "tests/sim/history/history.h"

namespace rookery::sim {

class Recorder {
 public:
  explicit Recorder(const Clock* clock) : clock_(clock) {}
  Recorder(const Recorder&) = delete;

  // Lines for people, `  12.345678 client 3 ...`; null: none are made.
  std::function<void(const std::string&)> trace;

  Order Next() { return ++order_; }
  int64_t NowUs() const { return clock_->NowUs(); }
  History& history() { return history_; }

  template <typename... Parts>
  void Trace(const Parts&... parts) {
    if (!trace) return;
    const int64_t now_us = NowUs();
    trace(absl::StrCat(absl::Dec(now_us / 1'000'000, absl::kSpacePad5), ".",
                       absl::Dec(now_us % 1'000'000, absl::kZeroPad6), " ", parts...));
  }

  // A server's process began or ended. Lives are counted here.
  void ServerUp(uint32_t server) { Note(server, ++lives_[server], true); }
  void ServerDown(uint32_t server) { Note(server, lives_[server], false); }
  uint64_t LifeOf(uint32_t server) const {
    const auto at = lives_.find(server);
    return at == lives_.end() ? 0 : at->second;
  }

 private:
  void Note(uint32_t server, uint64_t life, bool up) {
    history_.lives.push_back(
        {.server = server, .life = life, .order = Next(), .at_us = NowUs(), .up = up});
    Trace("server ", server, " life ", life, up ? " starts" : " ends");
  }

  const Clock* const clock_;
  Order order_ = 0;
  History history_;
  std::map<uint32_t, uint64_t> lives_;
};

}  // namespace rookery::sim
