// Following a root under which changes are announced by sequential nodes: new ones are handled, in
// order; each is read once more, and one that is old is removed. Source: kafka-on-zookeeper 3.12.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "broker-sim/async/session.h"
#include "coordinator/base/clock.h"

namespace rookery::broker_sim {

class Notifications {
 public:
  using Handle = std::function<Async<>(std::string data)>;
  Notifications(std::string root, Session* session, Executor* executor, const Clock* clock,
                Handle handle);

  // Lists, leaves a watch, handles what is new.
  Async<> Catch();
  // Does so at every change, for ever; first at once if `now`.
  Async<> Follow(bool now);

 private:
  const std::string root_;
  Session* const session_;
  const Clock* const clock_;
  const Handle handle_;
  Mailbox<bool> changed_;
  bool told_ = false;  // a change waits in the mailbox
  int64_t last_ = -1;  // sequence number handled last
};

}  // namespace rookery::broker_sim
