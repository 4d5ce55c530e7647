// An idempotent producer: it sends records at its rate over all partitions of a topic, each batch
// again until it is answered, and remembers what was acknowledged where.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker-sim/clients/client_spec.h"
#include "broker-sim/clients/route.h"
#include "broker-sim/timeline/timeline.h"

namespace rookery::broker_sim {

struct Acknowledged {
  int32_t partition = 0;
  int64_t offset = 0;
  int64_t producer_id = 0;
  int32_t sequence = 0;
  uint64_t checksum = 0;
};

class Producer {
 public:
  Producer(ProducerSpec spec, const ClientWorld* world, Timeline* timeline);

  void Start();
  // Sends nothing new; what is under way is still sent until it is answered.
  void Finish() { finishing_ = true; }
  bool idle() const { return finishing_ && under_way_ == 0; }

  const ProducerSpec& spec() const { return spec_; }
  const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }
  int64_t refused() const { return refused_; }            // records that it may not write
  int64_t throttled_ms() const { return throttled_ms_; }  // told by brokers, in all
  int64_t sent() const { return sent_; }                  // records handed to a partition

 private:
  // One partition: one batch at a time, and a producer id of its own, so that a new one for one
  // partition leaves the others alone.
  struct Lane {
    int64_t producer_id = -1;
    int32_t next_sequence = 0;
    int64_t due = 0;  // records that wait to be sent
    bool sending = false;
  };

  Async<> Main();
  Async<> Send(int32_t partition, int32_t count);
  Async<bool> TakeId(Lane* lane);

  const ProducerSpec spec_;
  const ClientWorld* const world_;
  Timeline* const timeline_;
  Route route_;
  std::map<int32_t, Lane> lanes_;
  std::vector<Acknowledged> acknowledged_;
  int64_t throttled_ms_ = 0;
  int64_t refused_ = 0;
  int64_t sent_ = 0;
  int under_way_ = 0;
  bool finishing_ = false;
  bool refusal_told_ = false;
  Scope scope_;
};

}  // namespace rookery::broker_sim
