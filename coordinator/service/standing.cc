#include "coordinator/service/standing.h"

#include "coordinator/base/logging.h"

namespace rookery::service {
namespace {

// A grant costs one entry; asked again this often while none is seen applied.
constexpr int64_t kAskAgainUs = 250'000;

}  // namespace

void Standing::StartOver() {
  serving_ = false;
  incarnation_ = 0;
  nonce_ = random_->Next();
  asked_us_ = 0;
  asked_leader_term_ = 0;
  proposer_->Begin(0);
}

bool Standing::OnGranted(model::ServerId server, uint64_t incarnation, uint64_t nonce) {
  if (server != self_) return true;
  if (nonce != nonce_) return incarnation_ == 0 || incarnation <= incarnation_;
  if (incarnation_ == incarnation) return true;
  incarnation_ = incarnation;
  proposer_->Begin(incarnation);
  LogInfo("incarnation granted", {{"incarnation", incarnation}});
  barriers_->Wait([this, alive = alive_, incarnation] {
    if (!*alive || incarnation_ != incarnation) return;
    serving_ = true;
    on_serving_();
  });
  return true;
}

void Standing::Tick(int64_t now_us) {
  if (incarnation_ != 0 || nonce_ == 0) return;
  // Before that, a leader may not be able to take it.
  if (!proposer_->settled()) return;
  const bool new_leader = asked_leader_term_ != proposer_->term();
  if (!new_leader && now_us - asked_us_ < kAskAgainUs) return;
  asked_us_ = now_us;
  asked_leader_term_ = proposer_->term();
  proposer_->Ask({.body = wire::GrantIncarnation{.server = self_, .nonce = nonce_}});
}

}  // namespace rookery::service
