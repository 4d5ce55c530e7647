// `rookeryd --verify PATH`.
#pragma once

#include <string>

namespace rookery {

// Verifies the data directory `path`, or the one that the configuration `path` names. Tells of it
// on standard output, of findings on standard error. The exit status: 0 nothing found, 1 something
// found or a server runs, 2 the configuration is wrong.
int RunVerify(const std::string& path);

}  // namespace rookery
