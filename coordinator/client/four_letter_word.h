// Asks a server's ZooKeeper port one of the four-letter words.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/network.h"

namespace rookery::client {

// Blocks until the server has answered and closed. Unavailable: nobody listens there;
// DeadlineExceeded: no whole answer within `timeout_ms`. A refusal by the server's whitelist is an
// answer like any other.
absl::StatusOr<std::string> AskFourLetterWord(const Address& server, absl::string_view word,
                                              int64_t timeout_ms);

}  // namespace rookery::client
