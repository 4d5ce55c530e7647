// How many Session streams may be open, in all and from one host: maxCnxns and maxClientCnxns hold
// for this door as they do for ZooKeeper's. Core executor only.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace rookery::frontend {

class SessionLimits {
 public:
  // 0: no limit.
  SessionLimits(uint32_t per_host_max, uint32_t all_max)
      : per_host_max_(per_host_max), all_max_(all_max) {}

  // OK: counted until Leave. ResourceExhausted names the limit and counts nothing.
  absl::Status Enter(const std::string& host) {
    const auto at = hosts_.find(host);
    const uint32_t same_host = at == hosts_.end() ? 0 : at->second;
    if (per_host_max_ != 0 && same_host >= per_host_max_) {
      return Full(absl::StrCat(same_host, " sessions are open from ", host), "maxClientCnxns",
                  per_host_max_);
    }
    if (all_max_ != 0 && all_ >= all_max_) {
      return Full(absl::StrCat(all_, " sessions are open"), "maxCnxns", all_max_);
    }
    ++hosts_[host];
    ++all_;
    return absl::OkStatus();
  }
  void Leave(const std::string& host) {
    const auto at = hosts_.find(host);
    if (at == hosts_.end()) return;
    --all_;
    if (--at->second == 0) hosts_.erase(at);
  }
  uint32_t all() const { return all_; }

 private:
  static absl::Status Full(const std::string& found, const char* key, uint32_t most) {
    return absl::ResourceExhaustedError(absl::StrCat(found, ", and ", key, " allows ", most,
                                                     ": close some, or raise it at the server"));
  }

  const uint32_t per_host_max_;
  const uint32_t all_max_;
  std::map<std::string, uint32_t> hosts_;
  uint32_t all_ = 0;
};

}  // namespace rookery::frontend
