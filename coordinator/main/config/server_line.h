// server.N lines. Source: zookeeper-protocol 7.2.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/network.h"
#include "coordinator/consensus/members.h"

namespace rookery::config {

// `value` of the key "server.<number>". InvalidArgument says what was expected; Unimplemented names
// a form that this server does not offer.
absl::StatusOr<consensus::ServerLine> ParseServerLine(uint32_t number, absl::string_view value);

// What stands behind ';' in such a line, "[host:]clientPort"; an empty host is every address.
absl::StatusOr<Address> ParseClientAddress(absl::string_view text);

// "server.1=host:2888:3888:participant;0.0.0.0:2181", as `conf` prints it.
std::string FormatServerLine(const consensus::ServerLine& line);

}  // namespace rookery::config
