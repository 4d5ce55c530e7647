// A large cluster's metadata, as a function of its size.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_format.h"
#include "coordinator/kafka/topic.h"

namespace rookery::broker_sim {

struct ScaleSpec {
  int32_t brokers = 1000;
  int32_t topics = 100'000;
  int32_t partitions = 20;  // of each topic
  int32_t replicas = 3;     // of each partition; all in sync, the first one leads

  std::string Topic(int64_t topic) const { return absl::StrFormat("topic-%07d", topic); }
  kafka::Replicas Replicas(int64_t topic, int32_t partition) const {
    kafka::Replicas of;
    const int64_t first = topic * partitions + partition;
    for (int32_t i = 0; i < replicas; ++i) {
      of.push_back(static_cast<int32_t>((first + i) % brokers));
    }
    return of;
  }
};

}  // namespace rookery::broker_sim
