// Which request of which server comes next: what makes every write exactly-once over leader changes
// (DESIGN section 2). A row is never dropped, not even when its server leaves.
#pragma once

#include <cstdint>
#include <map>

#include "absl/status/status.h"
#include "coordinator/model/ids.h"
#include "coordinator/store/node_store.h"

namespace rookery::machine {

class TicketTable {
 public:
  struct Row {
    uint64_t incarnation = 0;  // granted last; 0: none yet
    uint64_t nonce = 0;        // of the grant
    uint64_t last_ticket = 0;  // applied last, of this incarnation
  };

  // The next incarnation; the same one again for the nonce of the last grant.
  uint64_t Grant(model::ServerId server, uint64_t nonce);
  // True, and counted, if the ticket is the next one of the granted incarnation. A lower one is a
  // repeat, a higher one came past a lost one; neither may do anything.
  bool Take(model::ServerId server, uint64_t incarnation, uint64_t ticket);
  // Takes the last Take back, for a request that must wait for a load.
  void Untake(model::ServerId server);

  Row Find(model::ServerId server) const;

  absl::Status Recover(const store::NodeStore& store);
  void Save(store::NodeStore* store) const;

 private:
  std::map<model::ServerId, Row> rows_;
};

}  // namespace rookery::machine
