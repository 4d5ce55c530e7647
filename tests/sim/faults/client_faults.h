// The processes of clients that faults may befall.
#pragma once

#include <cstdint>

#include "tests/sim/edges/process.h"

namespace rookery::sim {

class ClientProcesses {
 public:
  virtual ~ClientProcesses() = default;
  // Clients count from 1; null: there is none of that number.
  virtual Process* Find(uint32_t client) = 0;
  // As kill -9. False: it does not run.
  virtual bool Crash(uint32_t client) = 0;
  virtual void Start(uint32_t client) = 0;
  // As SIGSTOP and SIGCONT. False: it does not run, or stands still already.
  virtual bool Stop(uint32_t client) = 0;
  virtual void GoOn(uint32_t client) = 0;
};

}  // namespace rookery::sim
