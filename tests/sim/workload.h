// Clients of the simulated ensemble, a leader's crash under their requests, and what came of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rookery::sim {

struct RunOptions {
  uint64_t seed = 1;
  uint32_t clients = 4;
  uint32_t requests = 1000;
};

struct RunResult {
  uint64_t trace_hash = 0;
  uint64_t messages = 0;
  uint64_t requests = 0;
  uint64_t succeeded = 0;
  uint64_t refused = 0;    // an error of the server
  uint64_t uncertain = 0;  // connection loss: may have been applied
  uint64_t missing = 0;    // acknowledged writes that are not there
  uint64_t doubled = 0;    // writes that are there more often than they were sent
  uint64_t elections = 0;  // terms after the first leader's
  int64_t virtual_us = 0;
  bool live = false;              // all servers served again, at the same entry
  std::vector<uint64_t> digests;  // of the servers, at the end
};

// Starts three servers, lets clients send, kills the leader's process in the middle of it, starts
// it again, and waits until all stand at the same entry.
RunResult RunWorkload(const RunOptions& options);

std::string ToText(const RunResult& result);

}  // namespace rookery::sim
