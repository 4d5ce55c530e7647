// The election of one leader among many. Two ways to use it:
//
// - a latch: Campaign() once, Observe() what comes, and lead until it is lost or Resign();
// - a selector: Acquire(), lead for a while, Release(): so that everybody gets a turn.
//
//   PATH
//   +- _c_..-latch-0000000007   leads; ephemeral, data: its identifier
//   +- _c_..-latch-0000000008   leads next
//
// Guarantees: those of a lock (lock/lock.h), the token included: of two who believe that they lead,
// the one with the greater token does. What a leader writes should carry its token, or be written
// in a multi with a check of its node.
//
// Interoperates with Curator's LeaderLatch; with its LeaderSelector by Names::kSelector; with
// kazoo's Election by NameStyle::kKazoo, whatever the names.
#pragma once

#include <string>

#include "coordinator/client/recipes/contention/holder.h"

namespace rookery::client::recipes {

// Whose nodes Curator's recipe of that name makes.
enum class ElectionNames { kLatch, kSelector };

class Election final : public Holder {
 public:
  Election(Client* client, std::string path, HolderOptions options = HolderOptions(),
           ElectionNames names = ElectionNames::kLatch);
  ~Election();

  // Stands for election and goes on with that in the background: the observer hears kHeld when it
  // leads. Does nothing if it stands already.
  void Campaign();
  // Stands back; done when its node is gone.
  Async<absl::Status> Resign() { return Release(); }
  bool leads() const { return held(); }
  // The leader's identifier; NotFound: nobody stands.
  Async<absl::StatusOr<std::string>> Leader();

 private:
  Async<> Stand();

  Scope scope_;
};

}  // namespace rookery::client::recipes
