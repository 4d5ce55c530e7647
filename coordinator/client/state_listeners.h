// Who wants to hear of a session's state beside the observer that its client was made with.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "coordinator/client/client.h"

namespace rookery::client {

// A listener may add and remove any, itself too; one that is added while all are told is told from
// the next change on.
class StateListeners {
 public:
  using Listener = absl::AnyInvocable<void(SessionState)>;

  uint64_t Add(Listener listener) {
    listeners_.emplace(++last_, std::make_shared<Listener>(std::move(listener)));
    return last_;
  }
  void Remove(uint64_t number) { listeners_.erase(number); }

  void Tell(SessionState state) {
    const uint64_t newest = last_;
    for (auto next = listeners_.begin(); next != listeners_.end() && next->first <= newest;) {
      const uint64_t number = next->first;
      const std::shared_ptr<Listener> listener = next->second;  // it may remove itself
      (*listener)(state);
      next = listeners_.upper_bound(number);
    }
  }

 private:
  uint64_t last_ = 0;
  std::map<uint64_t, std::shared_ptr<Listener>> listeners_;  // by age
};

}  // namespace rookery::client
