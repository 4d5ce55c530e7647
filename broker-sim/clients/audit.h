// Whether what was acknowledged is there, where it was said to be, and once.
#pragma once

#include <string>
#include <vector>

#include "broker-sim/clients/consumer.h"
#include "broker-sim/clients/producer.h"

namespace rookery::broker_sim {

struct Audit {
  int64_t acknowledged = 0;
  int64_t lost = 0;
  std::string first_lost;  // which, in words
};

// `reader` has read all of the producer's topic.
Audit Compare(const Producer& producer, const Consumer& reader);

}  // namespace rookery::broker_sim
