// What the hub keeps per peer. Private to the hub.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "coordinator/consensus/peer/hub.h"
#include "coordinator/consensus/peer/incoming_link.h"
#include "coordinator/consensus/peer/outgoing_link.h"

namespace rookery::consensus {

struct PeerHub::Peer {
  EngineId id = 0;
  std::unique_ptr<OutgoingLink> out;  // never null
  std::unique_ptr<IncomingLink> in;   // null while the peer is not connected to this server
  bool connected = false;             // as last told
  bool refused = false;               // connecting was refused while `in` still stood
  uint64_t boot_id = 0;               // of its present process; 0: none known, or known to be lost
  uint64_t dead_boot_id = 0;          // of the process that the present one replaced
  std::vector<std::string> early;     // application messages that came before `out` was up
  size_t early_bytes = 0;
  std::string last_trouble;  // logged last, and when
  int64_t last_trouble_us = 0;
};

}  // namespace rookery::consensus
