// The look at a checkpoint that came from another server, before anything is done with it: what was
// damaged at its maker must not be noticed when it is this server's state already. Private to
// node/.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "coordinator/consensus/consensus.h"
#include "coordinator/store/base.h"

namespace rookery {

// Reads every node in the directory at `path`: they are what their state says, and that is what the
// manifest says. Changes nothing. Blocks. Otherwise an error that says what is wrong.
absl::Status CheckReceived(const store::Base& base, const std::string& path,
                           const consensus::Manifest& manifest);

}  // namespace rookery
