// What may befall a run, as values: drawn from its seed before it begins, so that they can be
// printed, played again, and left out one by one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/base/random.h"

namespace rookery::sim {

struct Fault {
  enum class Kind {
    kCrash,            // kill -9; started again after for_us
    kPowerLoss,        // what was not synced is lost or torn; peers hear nothing of it at first
    kCrashInDiskWork,  // before the disk's `amount`th step from now; every other one with power
                       // loss
    kPause,            // SIGSTOP, SIGCONT
    kCut,              // between server and other; 0: all others
    kCutOneWay,        // from server to other; 0: to all others
    kCutClients,       // between a server and those who are connected to it
    kReset,            // connections between the two end; `amount`: how (see injector.cc)
    kResetClients,     // those of a server's clients
    kDelay,            // both ways between the two, by `amount` us
    kFlipWire,         // in what the server sends next to the other; 0: to all others
    kSlowDisk,         // each piece of work takes `amount` us more
    kFullDisk,
    kFlipLog,
    kFlipState,
    kFlipFile,          // in a small file, while the server is down for_us
    kDamageCheckpoint,  // `amount` 0: a bit of the newest one that the server has made flips, 1: it
                        // loses a file; 2, 3: the same of the next one that it receives
    kDrift,             // the clock gains `amount` millionths
    kJumpWall,          // wall time jumps by `amount` ms
    kTransfer,          // leadership to `server`; `amount` 1: to who led before
    kWipe,              // an empty disk in place of a good one
    kAddServer,         // `amount` 1: as an observer
    // Of a client's process, whose number stands for the server's; only in runs of recipes.
    kCrashClient,  // kill -9; another process begins after for_us
    kPauseClient,
    kCutClient,    // from all servers
    kResetClient,  // `amount` as for kReset
    kCount
  };
  Kind kind = Kind::kCrash;
  int64_t at_us = 0;    // since the run's begin
  uint32_t server = 0;  // 0: whoever leads then
  uint32_t other = 0;
  int64_t for_us = 0;
  int64_t amount = 0;
};

absl::string_view NameOf(Fault::Kind kind);
// "12.345 s crash server 2, for 3.200 s".
std::string ToText(const Fault& fault);

struct FaultOptions {
  uint32_t servers = 3;
  int64_t run_us = 60'000'000;
};

// By time. Which kinds come, and how often, is drawn too.
std::vector<Fault> DrawFaults(Random* random, const FaultOptions& options);
// Those of clients, put among the others.
void AddClientFaults(Random* random, uint32_t clients, int64_t run_us, std::vector<Fault>* faults);
// Of a client's process.
bool IsOfClient(Fault::Kind kind);

}  // namespace rookery::sim
