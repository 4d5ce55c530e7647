// A connection as the service keeps it. Private to this module.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "coordinator/model/acl.h"
#include "coordinator/model/ids.h"
#include "coordinator/service/service.h"
#include "coordinator/session/lane/lane.h"
#include "coordinator/store/node_store.h"

namespace rookery::service {

struct Connection {
  enum class State {
    kFresh,      // no session yet
    kOpening,    // its session is being opened or moved here
    kOpen,       // has a session
    kClosing,    // closeSession was submitted: what comes after it is ignored
    kFollowing,  // only hears events
  };

  ConnectionId id = 0;
  Client* client = nullptr;
  std::string peer;
  std::shared_ptr<const model::Credentials> credentials;
  State state = State::kFresh;
  model::SessionId session = 0;
  model::Owner owner;
  int32_t timeout_ms = 0;
  model::Zxid last_zxid_seen = 0;  // of the attach under way
  int64_t heard_us = 0;
  int64_t told_us = 0;      // when something was handed to the door for the client
  int64_t attached_us = 0;  // when the open or attach was applied here

  session::Lane lane;
  bool running = false;  // its lane is being run further up the stack
  bool loading = false;  // the read at its head waits for nodes
  std::unique_ptr<store::Pin> pin;
  bool gone = false;  // buried; it lives to the end of the turn
};

}  // namespace rookery::service
