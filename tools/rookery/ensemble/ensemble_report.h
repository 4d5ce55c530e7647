// The ensemble as its servers tell of it, and how `rookery status` shows it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/rookery/ensemble/server_report.h"

namespace rookery::v1 {
class GetStatusResponse;
}

namespace rookery::tools::ensemble {

struct MemberReport {
  uint32_t number = 0;  // N of server.N
  bool voter = false;
  std::string address;                 // "host:quorumPort:electionPort"
  std::string client_address;          // "" if unknown
  std::optional<bool> connected;       // to the leader
  std::optional<uint64_t> log_behind;  // entries that the leader has and this one not
};

struct EnsembleReport {
  std::vector<ServerReport> servers;
  std::vector<MemberReport> members;  // empty if no server has an administration API

  // Of those that answered.
  std::optional<int64_t> NewestZxid() const;
  bool HasLeader() const;
  // The servers whose states differ at the same entry, "" if there are none.
  std::string DigestConflict() const;
};

// Adds what a server's GetStatus says. Members are best known to the leader: its list stays.
void ReadAdminStatus(const v1::GetStatusResponse& status, ServerReport* server,
                     EnsembleReport* report);

// A line for each server, then one for each member, if they are known.
std::string ToText(const EnsembleReport& report);
boost::json::object ToJson(const EnsembleReport& report);

}  // namespace rookery::tools::ensemble
