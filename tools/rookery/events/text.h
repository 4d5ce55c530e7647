// Events as lines for people.
#pragma once

#include <string>
#include <vector>

#include "rookery/v1/metadata.pb.h"

namespace rookery::tools::events {

// A line for each event, piece of a view, and word about the stream itself; none for a mere place.
std::vector<std::string> LinesOf(const v1::WatchMetadataResponse& response);

}  // namespace rookery::tools::events
