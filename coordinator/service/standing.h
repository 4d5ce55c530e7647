// Whether this server may serve clients: it holds the incarnation granted for its newest nonce, and
// a barrier of the log begun after the grant has passed (DESIGN section 2).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "coordinator/base/random.h"
#include "coordinator/proposal/proposer.h"
#include "coordinator/service/barriers.h"

namespace rookery::service {

class Standing {
 public:
  Standing(model::ServerId self, Random* random, proposal::Proposer* proposer, Barriers* barriers,
           std::function<void()> on_serving)
      : self_(self),
        random_(random),
        proposer_(proposer),
        barriers_(barriers),
        on_serving_(std::move(on_serving)) {}
  ~Standing() { *alive_ = false; }

  // All clients are gone: draws a new nonce and asks for an incarnation. What was queued is
  // forgotten.
  void StartOver();
  // A grant was applied here. False: our incarnation is no longer the granted one, so that nothing
  // of ours will be applied: send the clients away and StartOver().
  [[nodiscard]] bool OnGranted(model::ServerId server, uint64_t incarnation, uint64_t nonce);
  // Asks again for what has not come.
  void Tick(int64_t now_us);

  bool serving() const { return serving_; }
  // 0: none is held.
  uint64_t incarnation() const { return incarnation_; }

 private:
  const model::ServerId self_;
  Random* const random_;
  proposal::Proposer* const proposer_;
  Barriers* const barriers_;
  const std::function<void()> on_serving_;

  uint64_t nonce_ = 0;
  uint64_t incarnation_ = 0;
  bool serving_ = false;
  int64_t asked_us_ = 0;
  uint64_t asked_leader_term_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::service
