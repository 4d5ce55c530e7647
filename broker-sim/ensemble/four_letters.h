// The four-letter words of a server: one question, one answer, and the connection ends.
#pragma once

#include <string>

#include "coordinator/base/coroutine/async.h"
#include "coordinator/base/network.h"

namespace rookery::broker_sim {

// "": no answer in time. A coroutine that ends meanwhile leaves nothing behind.
Async<std::string> AskFourLetters(Executor* executor, Network* network, Address server,
                                  std::string word, int64_t timeout_us);

}  // namespace rookery::broker_sim
