#include "coordinator/client/server_list.h"

#include <algorithm>
#include <utility>

#include "coordinator/base/check.h"

namespace rookery::client {

ServerList::ServerList(std::vector<Address> servers, uint64_t seed, int32_t backoff_min_ms,
                       int32_t backoff_max_ms)
    : servers_(std::move(servers)),
      random_(seed),
      backoff_min_ms_(backoff_min_ms),
      backoff_max_ms_(backoff_max_ms),
      backoff_ms_(backoff_min_ms),
      current_(servers_.size() - 1) {
  ROOKERY_CHECK(!servers_.empty()) << "a client needs a server's address";
  ROOKERY_CHECK(0 < backoff_min_ms && backoff_min_ms <= backoff_max_ms);
  for (size_t i = servers_.size() - 1; i > 0; --i) {
    std::swap(servers_[i], servers_[random_.Below(i + 1)]);
  }
}

int64_t ServerList::MoveOn() {
  current_ = (current_ + 1) % servers_.size();
  if (tried_++ < servers_.size()) return 0;
  tried_ = 1;
  const int64_t wait_ms = random_.Between((backoff_ms_ + 1) / 2, backoff_ms_);
  backoff_ms_ = std::min(backoff_ms_ * 2, backoff_max_ms_);
  return wait_ms;
}

void ServerList::Succeeded() {
  tried_ = 0;
  backoff_ms_ = backoff_min_ms_;
}

}  // namespace rookery::client
