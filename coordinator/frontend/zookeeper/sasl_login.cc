#include "coordinator/frontend/zookeeper/sasl_login.h"

#include <utility>

#include "coordinator/base/logging.h"

namespace rookery::frontend {

SaslLogin::Outcome SaslLogin::Take(const model::Data& token) {
  // A client without a login is told so by a null token, and then gives up by itself.
  if (rules_ == nullptr) return {};
  if (exchange_ == nullptr) {
    exchange_ = std::make_unique<sasl::DigestMd5Server>(
        [rules = rules_](const std::string& user) -> std::optional<std::string> {
          const auto known = rules->passwords.find(user);
          if (known == rules->passwords.end()) return std::nullopt;
          return known->second;
        });
  }
  absl::StatusOr<sasl::Step> step = exchange_->Take(token.value_or(""));
  if (!step.ok()) {
    if (!rules_->keeps_refused) {
      return {.error = model::ErrorCode::kAuthFailed,
              .reason = std::string(step.status().message())};
    }
    LogWarn("a login was refused, its connection is kept", {{"reason", step.status().message()}});
    return {};
  }
  Outcome outcome{.token = std::move(step->token)};
  if (step->done) outcome.user = exchange_->user();
  return outcome;
}

}  // namespace rookery::frontend
