#include "tests/sim/recipes/scene.h"

#include <algorithm>
#include <utility>

namespace rookery::sim {

Scene::Scene(World* world, Recorder* recorder, ScenePlan what)
    : plan(std::move(what)), world_(world), recorder_(recorder) {
  facts.barrier_members = plan.barrier_members;
}

void Scene::Use(Access access, int64_t delay_us) {
  access.sent = recorder_->Next();
  access.sent_us = world_->NowUs();
  const size_t place = facts.accesses.size();
  facts.accesses.push_back(std::move(access));
  world_->Schedule(world_->NowUs() + delay_us, nullptr, [this, place] { Arrive(place); });
}

void Scene::Arrive(size_t place) {
  Access& access = facts.accesses[place];
  Protected& seen = protected_[access.recipe];
  access.arrived = recorder_->Next();
  access.accepted = access.token >= (access.reads ? seen.written : seen.used);
  recorder_->Trace("party ", access.party, access.reads ? " reads" : " writes", " what ",
                   NameOf(access.recipe), " protects with token ", access.token,
                   access.accepted ? "" : ": refused");
  if (!access.accepted) {
    rare.Add(Rare::kStaleTokensRefused);
    return;
  }
  if (!access.reads) seen.written = std::max(seen.written, access.token);
  seen.used = std::max(seen.used, access.token);
}

}  // namespace rookery::sim
