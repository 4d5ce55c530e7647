// A consumer: reads a topic from its beginning, everything once, and checks what it reads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker-sim/clients/client_spec.h"
#include "broker-sim/clients/route.h"

namespace rookery::broker_sim {

class Consumer {
 public:
  Consumer(ConsumerSpec spec, const ClientWorld* world);

  void Start();
  // Everything up to the watermarks was read, all leaders having answered.
  bool caught_up() const;

  const ConsumerSpec& spec() const { return spec_; }
  int64_t consumed() const { return consumed_; }
  int64_t throttled_ms() const { return throttled_ms_; }
  // What was wrong with the records: a gap, a payload that is not its sender's, one sent twice.
  const std::vector<std::string>& mistakes() const { return mistakes_; }
  // By partition, in the order of offsets.
  const std::map<int32_t, std::vector<Record>>& records() const { return records_; }

 private:
  struct Position {
    int64_t next = 0;
    int64_t watermark = -1;
  };
  Async<> Read(int32_t partition);
  Async<> Main();
  void TakeRecords(int32_t partition, const std::vector<Record>& records);
  void Mistake(std::string what);

  const ConsumerSpec spec_;
  const ClientWorld* const world_;
  Route route_;
  std::map<int32_t, Position> positions_;
  std::map<int32_t, std::vector<Record>> records_;
  std::map<std::pair<int64_t, int32_t>, int32_t> last_sequence_;  // producer, partition
  int64_t consumed_ = 0;
  int64_t throttled_ms_ = 0;
  std::vector<std::string> mistakes_;
  Scope scope_;
};

}  // namespace rookery::broker_sim
