// Ports for servers that a program of ours starts on this machine.
#pragma once

#include <cstdint>

namespace rookery {

// A port on which nobody listened a moment ago, on any address; never the same twice from one
// process. It lies below the range from which the system gives ports to outgoing connections
// (32768 on), one of which could take it before its server does. 0: there is none. Any thread.
uint16_t FreePort();

}  // namespace rookery
