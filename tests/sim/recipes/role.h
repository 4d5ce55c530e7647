// What a party does with one recipe, as long as one session lives.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "coordinator/base/coroutine/async.h"
#include "coordinator/base/random.h"
#include "tests/sim/recipes/observed_client.h"
#include "tests/sim/recipes/scene.h"

namespace rookery::sim {

// Where a role works. All outlives it.
struct Seat {
  uint32_t party = 0;
  uint64_t session_number = 0;  // of this party, from 1
  ObservedClient* client = nullptr;
  Scene* scene = nullptr;
  uint64_t seed = 0;
};

// Lives on the client's executor, and ends before the client.
class Role {
 public:
  // Rounds begin after pauses of `pace_us` on average.
  Role(const Seat& seat, int64_t pace_us);
  virtual ~Role() = default;
  Role(const Role&) = delete;

  // Plays round after round until the scene stops or the session is over.
  virtual void Begin() { scope_.Spawn(Play()); }
  // Ends what is under way, where it stands. Before the destructor, and not from inside of a role.
  void End() { scope_.Clear(); }
  // It plays no more.
  bool idle() const { return idle_; }
  // What it follows is at rest now: notes the copy.
  virtual void NoteCopy() {}

 protected:
  virtual Async<> Round() = 0;
  // Once, when the scene has stopped: brings to rest what others wait for.
  virtual Async<> LastRound();
  // Beside the rounds, until it ends.
  void Spawn(Async<> work) { scope_.Spawn(std::move(work)); }
  // Suspends for up to that.
  Async<> Pause(int64_t most_us);

  bool over() const { return seat_.client->over(); }
  ObservedClient* client() const { return seat_.client; }
  Scene* scene() const { return seat_.scene; }
  RecipeFacts& facts() const { return seat_.scene->facts; }
  Order Now() const { return seat_.scene->recorder()->Next(); }
  void Count(Rare path) const { seat_.scene->rare.Add(path); }
  template <typename... Parts>
  void Trace(const Parts&... parts) const {
    seat_.scene->recorder()->Trace("party ", seat_.party, " ", parts...);
  }
  Random& random() { return random_; }
  const Seat& seat() const { return seat_; }

 private:
  Async<> Play();

  const Seat seat_;
  const int64_t pace_us_;
  Random random_;
  bool idle_ = false;
  Scope scope_;
};

// What an operation that an error ended came to: Aborted counts as refused, unless the session is
// over.
Fate FateOf(const absl::Status& status, const ObservedClient& client);

std::unique_ptr<Role> MakeRole(Recipe recipe, const Seat& seat);

}  // namespace rookery::sim
