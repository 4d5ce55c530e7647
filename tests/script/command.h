// A request of a script as a value.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/client/client.h"
#include "coordinator/model/request.h"

namespace rookery::script {

struct Open {
  int32_t timeout_ms = 10'000;
};
struct Attach {
  std::string from;  // a connection's name
  int32_t timeout_ms = 10'000;
  bool wrong_password = false;
};
struct Drop {};

struct Command {
  std::string connection;
  std::variant<Open, Attach, Drop, client::Credential, model::WriteOperation, model::ReadOperation>
      what;
  bool waits = true;
};

// `lines` is a step's request. Zxids are told from `zxid_base` on. InvalidArgument says what was
// expected.
absl::StatusOr<Command> ParseCommand(const std::vector<std::string>& lines, model::Zxid zxid_base);

}  // namespace rookery::script
