// The login of one connection, as ZooKeeper answers it token by token (zookeeper-protocol 5.6).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "coordinator/frontend/identity/identity.h"
#include "coordinator/model/data.h"
#include "coordinator/model/error_code.h"
#include "coordinator/sasl/digest_md5.h"

namespace rookery::frontend {

class SaslLogin {
 public:
  // Null `rules`: no login is offered.
  explicit SaslLogin(std::shared_ptr<const SaslRules> rules) : rules_(std::move(rules)) {}

  struct Outcome {
    // AuthFailed closes the connection behind the answer.
    model::ErrorCode error = model::ErrorCode::kOk;
    model::Data token;                // to be answered, null too
    std::optional<std::string> user;  // the login is complete
    std::string reason;               // why it was refused, for the log
  };
  Outcome Take(const model::Data& token);

 private:
  const std::shared_ptr<const SaslRules> rules_;
  std::unique_ptr<sasl::DigestMd5Server> exchange_;  // made with the first token
};

}  // namespace rookery::frontend
