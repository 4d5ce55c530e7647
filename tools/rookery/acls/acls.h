// rookery acls: kafka-acls, without a broker.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::acls {

Run DefineAcls(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::acls
