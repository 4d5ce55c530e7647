// Parts of a history as text for people: traces and violations.
#pragma once

#include <string>

#include "tests/sim/history/history.h"

namespace rookery::sim {

// "client 2 #7", by which a call is found in the trace.
std::string NameOf(const Call& call);
// "setData /a x version=3".
std::string ToText(const client::Operation& operation);
// "client 2 #7 setData /a x version=3 -> Ok zxid=0x100000005 server=1 v4 cv0 ...".
std::string ToText(const Call& call);
// "client 2 #5 told NodeDataChanged /a zxid=0x7".
std::string ToText(const Told& told);

}  // namespace rookery::sim
