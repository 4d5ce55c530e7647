// Results of measurements as text for people and as JSON for scripts.
#pragma once

#include <string>

#include "tools/rookery/bench/gap.h"
#include "tools/rookery/bench/load.h"

namespace rookery::tools::bench {

std::string LoadText(const LoadResult& result);
// One line: operations, seconds, operations_per_second, latency_us {mean,p50,p90,p99,p999,max},
// errors {name: count}, and the options that made it.
std::string LoadJson(const LoadOptions& options, const LoadResult& result);

std::string GapText(const GapResult& result);
std::string GapJson(const GapOptions& options, const GapResult& result);
std::string OneGapText(const Gap& gap);

}  // namespace rookery::tools::bench
