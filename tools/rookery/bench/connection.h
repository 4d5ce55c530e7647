// One connection of the load: fills its share of requests in flight and takes the answers' times.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tools/rookery/bench/histogram.h"
#include "tools/rookery/bench/request_template.h"
#include "tools/rookery/bench/socket.h"

namespace rookery::tools::bench {

// What all connections of a run share. Times are nanoseconds on the monotonic clock.
struct SharedRun {
  std::atomic<uint64_t> next{0};  // requests begun
  uint64_t count = 0;             // to begin at most; 0: until `end_ns`
  int64_t measure_from_ns = 0;
  int64_t end_ns = 0;   // no request begins after it; 0: by count alone
  bool create = false;  // keys are first_key + number; else the number scattered below `keys`
  uint64_t first_key = 0;
  uint64_t keys = 1;
};

// What one thread's connections add up.
struct Tally {
  Histogram latency_ns;
  uint64_t operations = 0;
  int64_t last_answer_ns = 0;
  std::map<int32_t, uint64_t> errors;
};

class Connection {
 public:
  Connection(Socket socket, const RequestTemplate* request, int inflight, SharedRun* run,
             Tally* tally, const std::set<int32_t>* expected_errors);

  int fd() const { return socket_.fd(); }
  // Begins requests up to the limit and writes what the kernel takes.
  absl::Status Fill(int64_t now_ns);
  // Reads answers, then fills again.
  absl::Status OnReadable(int64_t now_ns);
  // Says goodbye, as far as the kernel takes it at once; the session ends by itself otherwise.
  void CloseSession();
  // True while bytes wait for the kernel.
  bool WantsWrite() const { return written_ < outbox_.size(); }
  // True if nothing is unanswered and no further request may begin.
  bool Finished() const { return drained_ && pending_ == 0; }

 private:
  absl::Status Flush();
  absl::Status OnAnswers(int64_t now_ns);
  void OnAnswer(int32_t error, int64_t now_ns);

  Socket socket_;
  const RequestTemplate* request_;
  SharedRun* run_;
  Tally* tally_;
  const std::set<int32_t>* expected_errors_;

  std::string outbox_;
  size_t written_ = 0;
  std::vector<char> inbox_;
  size_t inbox_begin_ = 0;
  size_t inbox_end_ = 0;
  std::vector<int64_t> begun_ns_;  // a ring of the unanswered, oldest at first_
  size_t first_ = 0;
  size_t pending_ = 0;
  int32_t next_xid_ = 1;
  int32_t expected_xid_ = 1;
  bool drained_ = false;  // no further request may begin
};

}  // namespace rookery::tools::bench
