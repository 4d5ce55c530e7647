// A cluster at a moment, as the live view shows it: values, and how fast they change.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker-sim/timeline/states.h"
#include "broker-sim/view/cluster_view.h"

namespace rookery::broker_sim {

struct Picture {
  std::string title;  // what runs, over what
  int64_t elapsed_us = 0;
  ClusterView view;
  std::map<int32_t, BrokerState> states;    // simulated brokers; real ones have none
  std::map<int32_t, std::string> racks;     // of those that name one
  std::map<int32_t, int64_t> throttled_ms;  // told to clients so far, by broker
  std::vector<ServerState> servers;         // of an ensemble of the program's own
  struct Client {
    std::string name;
    bool producer = false;
    int64_t records = 0;  // acknowledged, or consumed
    double per_s = 0;
    int64_t throttled_ms = 0, refused = 0;
  };
  std::vector<Client> clients;
  std::vector<std::string> events;  // lines, the newest last
  std::string hint;                 // the last line
};

// How fast counters grow, over the last second or two.
class Speeds {
 public:
  // Takes a counter's value; gives its growth per second.
  double Of(const std::string& name, int64_t value, int64_t now_us) {
    auto& seen = seen_[name];
    while (seen.size() > 1 && now_us - seen.front().first > kSpanUs) seen.pop_front();
    seen.emplace_back(now_us, value);
    const int64_t span_us = now_us - seen.front().first;
    if (span_us <= 0) return 0;
    return 1e6 * static_cast<double>(value - seen.front().second) / static_cast<double>(span_us);
  }

 private:
  static constexpr int64_t kSpanUs = 1'500'000;
  std::map<std::string, std::deque<std::pair<int64_t, int64_t>>> seen_;
};

}  // namespace rookery::broker_sim
