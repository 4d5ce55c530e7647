// What the parties of a run share: the plan, the facts that they note, and what stands outside of
// the ensemble, as the thing that a lock protects.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/sim/edges/world.h"
#include "tests/sim/history/recorder.h"
#include "tests/sim/rare_paths.h"
#include "tests/sim/recipes/facts.h"

namespace rookery::sim {

inline constexpr char kRecipesRoot[] = "/recipes";

// Which recipes a run plays, and with whom.
struct ScenePlan {
  std::set<Recipe> recipes;
  size_t barrier_members = 2;  // the first of the parties
};

class Scene {
 public:
  Scene(World* world, Recorder* recorder, ScenePlan plan);

  const ScenePlan plan;
  RecipeFacts facts;
  RarePaths rare;
  bool stopping = false;  // begin nothing new

  World* world() { return world_; }
  Recorder* recorder() { return recorder_; }
  // A number that no other call returns: for items and values.
  uint64_t NextNumber() { return ++numbers_; }

  // A holder uses what its lock protects: the access arrives after so long, whatever happens to the
  // holder meanwhile. A token that is older than what was seen is refused; readers among
  // themselves may come in any order.
  void Use(Access access, int64_t delay_us);

 private:
  struct Protected {
    model::Zxid written = 0;  // the greatest token of a write
    model::Zxid used = 0;     // of any access
  };
  void Arrive(size_t place);

  World* const world_;
  Recorder* const recorder_;
  uint64_t numbers_ = 0;
  std::map<Recipe, Protected> protected_;
};

}  // namespace rookery::sim
