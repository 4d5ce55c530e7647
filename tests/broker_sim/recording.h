// What real Kafka 3.9 brokers were recorded to send (tests/interop/recorded/traces), in the words
// of a simulated session's tap, a request in a line: "getData /controller watch", "multi [check
// /controller_epoch v=2; delete /a v=-1]".
#pragma once

#include <string>
#include <vector>

namespace rookery::broker_sim {

using Requests = std::vector<std::string>;

// A connection's requests without those that a simulated broker has no reason to send: recording.cc
// lists each with the reason.
Requests Recorded(const std::string& file, const std::string& connection);

// Lines of taps as requests: the parts of a multi come in lines of their own there.
Requests Folded(const std::vector<std::string>& lines);

// Cut before the first request, from the last cut on, that begins with the next of `marks`: one
// part more than marks. What stands behind a mark that is not found is in the part before it.
std::vector<Requests> CutAt(const std::vector<std::string>& marks, const Requests& requests);

}  // namespace rookery::broker_sim
